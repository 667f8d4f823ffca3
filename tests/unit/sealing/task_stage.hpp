// SPDX-License-Identifier: Apache-2.0
// Where the rules of tasks are tried out: people and units by hand, and a task that is driven
// action by action.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "protocol/sealing/task_rules.hpp"
#include "world.hpp"

namespace oberih::sealing {

inline const AgencyId asking_agency = made_of<AgencyId>(1);
inline const AgencyId asked_agency = made_of<AgencyId>(2);
inline const AgencyId court_agency = made_of<AgencyId>(3);

// Of the asking agency: two of the unit that asks, the deputy of the first, and a stranger to it.
inline const PersonId asker = made_of<PersonId>(11);
inline const PersonId colleague = made_of<PersonId>(12);
inline const PersonId askers_deputy = made_of<PersonId>(13);
inline const PersonId outsider = made_of<PersonId>(14);
// Of the asked agency: two of its unit, the unit's supervisor, a deputy of the first member.
inline const PersonId worker = made_of<PersonId>(21);
inline const PersonId second_worker = made_of<PersonId>(22);
inline const PersonId chief = made_of<PersonId>(23);
inline const PersonId workers_deputy = made_of<PersonId>(24);
inline const PersonId clerk_elsewhere = made_of<PersonId>(25);  // of the agency, not of the unit

inline const UnitId asking_unit = made_of<UnitId>(31);
inline const UnitId asked_unit = made_of<UnitId>(32);
inline const UnitId absent_unit = made_of<UnitId>(33);  // nobody of it is on the roster

/// Everybody above is on the roster.
class StagedActors final : public TaskActors {
 public:
  std::map<UnitId, std::set<PersonId>> members{{asking_unit, {asker, colleague}},
                                               {asked_unit, {worker, second_worker, chief}},
                                               {absent_unit, {}}};
  std::map<UnitId, PersonId> supervisors{{asked_unit, chief}};
  std::map<PersonId, PersonId> deputies{{askers_deputy, asker}, {workers_deputy, worker}};

  std::optional<AgencyId> agency_of(const UnitId& unit) const override {
    if (!members.contains(unit)) return std::nullopt;
    return unit == asking_unit ? asking_agency : asked_agency;
  }
  std::optional<AgencyId> agency_of(const PersonId& person) const override {
    if (person == asker || person == colleague || person == askers_deputy || person == outsider)
      return asking_agency;
    if (person == worker || person == second_worker || person == chief ||
        person == workers_deputy || person == clerk_elsewhere)
      return asked_agency;
    return std::nullopt;
  }
  bool has_people_on_roster(const UnitId& unit) const override {
    return members.contains(unit) && !members.at(unit).empty();
  }
  bool may_act_for(const UnitId& unit, const PersonId& person,
                   const PersonId& stands_for) const override {
    const auto found = members.find(unit);
    if (found == members.end()) return false;
    const PersonId& in_place = stands_for.is_zero() ? person : stands_for;
    return found->second.contains(in_place) &&
           (stands_for.is_zero() || is_deputy_of(person, stands_for));
  }
  bool may_supervise(const UnitId& unit, const PersonId& person,
                     const PersonId& stands_for) const override {
    const auto found = supervisors.find(unit);
    return found != supervisors.end() && stands_for.is_zero() && found->second == person;
  }
  bool may_supervise(const PersonId& other, const PersonId& person,
                     const PersonId& stands_for) const override {
    for (const auto& [unit, people] : members)
      if (people.contains(other) && may_supervise(unit, person, stands_for)) return true;
    return false;
  }
  bool is_deputy_of(const PersonId& person, const PersonId& other) const override {
    const auto found = deputies.find(person);
    return found != deputies.end() && found->second == other;
  }
};

class TaskStage {
 public:
  StagedActors actors;
  ChannelKind channel_kind = ChannelKind::working_group;
  AgencyKind agency_kind = AgencyKind::working_group;
  Milliseconds now_ms = 1'800'000'000'000;
  std::uint64_t channel_seq = 1;
  std::map<TaskId, TaskPointer> tasks;

  static inline const TaskId first = made_of<TaskId>(91);

  TaskCase case_of(const PersonId& author) const {
    return {channel_kind,
            agency_kind,
            actors.agency_of(author).value_or(AgencyId{}),
            author,
            {channel_seq + 100, channel_seq, now_ms},
            actors,
            [this](const TaskId& id) {
              const auto found = tasks.find(id);
              return found == tasks.end() ? TaskPointer() : found->second;
            }};
  }

  /// From the unit of the asker to the asked unit.
  TaskFacts proposal(const TaskId& id = first) const {
    TaskFacts facts;
    facts.task = id;
    facts.action = TaskAction::propose;
    facts.requester = TaskParty::of(asking_agency, asking_unit);
    facts.kind = TaskKind::general;
    facts.urgency = TaskUrgency::days_3;
    facts.slots = {TaskParty::of(asked_agency, asked_unit)};
    return facts;
  }

  /// As somebody who has read everything would write it.
  TaskFacts facts(TaskAction action, const TaskId& id = first, std::uint16_t slot = 0) const {
    if (action == TaskAction::propose) return proposal(id);
    TaskFacts facts;
    facts.task = id;
    facts.action = action;
    facts.slot = slot;
    const auto found = tasks.find(id);
    if (found != tasks.end() && slot < found->second->slots.size())
      facts.expected_version = found->second->slots[slot].version;
    if (action == TaskAction::extend) facts.due_ms = now_ms + 30 * 24 * task_hour_ms;
    if (action == TaskAction::pause) facts.reason = PauseReason::awaiting_translation;
    if (action == TaskAction::reassign)
      facts.assignee = TaskParty::of(asked_agency, clerk_elsewhere);
    return facts;
  }

  std::string judge(const PersonId& author, const TaskFacts& facts) const {
    return outcome_of(judge_task(case_of(author), facts));
  }

  std::string act(const PersonId& author, const TaskFacts& facts) {
    Result<Task> judged = judge_task(case_of(author), facts);
    if (!judged) return outcome_of(judged);
    tasks[facts.task] = std::make_shared<const Task>(std::move(*judged));
    channel_seq += 1;
    now_ms += 60'000;
    return "accepted";
  }
  std::string act(const PersonId& author, TaskAction action, const TaskId& id = first,
                  std::uint16_t slot = 0) {
    return act(author, facts(action, id, slot));
  }

  const TaskSlot& slot(std::uint16_t number = 0, const TaskId& id = first) const {
    return tasks.at(id)->slots.at(number);
  }
  TaskState state(std::uint16_t number = 0) const { return slot(number).state; }

  /// Brings the first task into a state by the shortest way.
  void bring_to(TaskState state) {
    tasks.clear();
    EXPECT_EQ(act(asker, TaskAction::propose), "accepted");
    const auto go = [this](const PersonId& author, TaskAction action) {
      EXPECT_EQ(act(author, action), "accepted") << name_of(action);
    };
    if (state == TaskState::proposed) return;
    if (state == TaskState::declined) return go(worker, TaskAction::decline);
    if (state == TaskState::withdrawn) return go(asker, TaskAction::withdraw);
    go(worker, TaskAction::accept);
    if (state == TaskState::accepted) return;
    go(worker, TaskAction::start);
    if (state == TaskState::in_progress) return;
    if (state == TaskState::paused) return go(worker, TaskAction::pause);
    go(worker, TaskAction::submit);
    if (state == TaskState::submitted) return;
    go(colleague, TaskAction::confirm);
  }
};

}  // namespace oberih::sealing
