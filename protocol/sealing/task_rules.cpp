// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/task_rules.hpp"

#include <algorithm>

namespace oberih::sealing {
namespace {

// -- parts ----------------------------------------------------------------------------------------

bool speaks_for(const TaskCase& c, const TaskParty& party, const PersonId& stands_for) {
  if (party.kind == TaskPartyKind::unit)
    return c.actors.may_act_for(party.unit(), c.author, stands_for);
  if (stands_for.is_zero()) return c.author == party.person();
  return stands_for == party.person() && c.actors.is_deputy_of(c.author, stands_for);
}

bool supervises(const TaskCase& c, const TaskParty& party, const PersonId& stands_for) {
  return party.kind == TaskPartyKind::unit
             ? c.actors.may_supervise(party.unit(), c.author, stands_for)
             : c.actors.may_supervise(party.person(), c.author, stands_for);
}

bool holds(const TaskCase& c, const TaskSlot& slot, const PersonId& stands_for) {
  if (slot.holder.is_zero()) return false;
  if (c.author == slot.holder) return stands_for.is_zero() || stands_for == slot.holder_stands_for;
  return stands_for == slot.holder && c.actors.is_deputy_of(c.author, slot.holder);
}

Result<void> check_part(const TaskCase& c, TaskPart part, const Task& task, const TaskSlot& slot,
                        const PersonId& stands_for) {
  bool has_part = false;
  switch (part) {
    case TaskPart::requester:
      has_part = speaks_for(c, task.requester, stands_for);
      break;
    case TaskPart::other_than_holder:
      if (c.author == slot.holder || c.author == slot.submitter || stands_for == slot.holder)
        return refuse(RefusalCode::own_work);
      has_part = speaks_for(c, task.requester, stands_for);
      break;
    case TaskPart::addressee:
      has_part = speaks_for(c, slot.assignee, stands_for);
      break;
    case TaskPart::holder:
      has_part = holds(c, slot, stands_for);
      break;
    case TaskPart::supervisor_or_holder:
      has_part = holds(c, slot, stands_for) || supervises(c, slot.assignee, stands_for);
      break;
  }
  if (!has_part) return refuse(RefusalCode::not_your_part);
  return {};
}

// -- what the channel permits ---------------------------------------------------------------------

/// An announcement channel is for reading; in a hearing channel the court asks for one thing.
Result<void> check_channel(const TaskCase& c, const TaskFacts& facts) {
  switch (c.channel_kind) {
    case ChannelKind::ordinary:
    case ChannelKind::case_:
    case ChannelKind::working_group:
      return {};
    case ChannelKind::announcement:
      return refuse(RefusalCode::entry_type_forbidden, "an announcement channel carries no tasks");
    case ChannelKind::hearing:
      break;
  }
  const bool is_courts_own =
      facts.kind == TaskKind::secure_witnesses && c.agency_kind == AgencyKind::court;
  if (facts.action == TaskAction::propose && !is_courts_own)
    return refuse(RefusalCode::entry_type_forbidden,
                  "in a hearing channel the court alone proposes, and to secure witnesses alone");
  return {};
}

// -- propose --------------------------------------------------------------------------------------

/// Also that nobody is asked by themselves: who would confirm it?
Result<void> check_assignee(const TaskCase& c, const TaskParty& assignee,
                            const TaskParty& requester) {
  const bool is_unit = assignee.kind == TaskPartyKind::unit;
  const std::optional<AgencyId> agency =
      is_unit ? c.actors.agency_of(assignee.unit()) : c.actors.agency_of(assignee.person());
  if (agency != assignee.agency) return refuse(RefusalCode::assignee_not_on_roster);
  if (is_unit && !c.actors.has_people_on_roster(assignee.unit()))
    return refuse(RefusalCode::assignee_not_on_roster, "nobody of the unit is on the roster");
  if (!is_unit && assignee == requester)
    return refuse(RefusalCode::own_work, "nobody could confirm a task to oneself");
  return {};
}

/// INVARIANT: a task depends on earlier tasks of its channel alone, so that no cycle can be.
Result<void> check_dependencies(const TaskCase& c, const TaskFacts& facts) {
  for (const TaskId& id : facts.depends_on)
    if (id == facts.task || !c.find(id)) return refuse(RefusalCode::dependency_cycle);
  return {};
}

Result<void> check_due(const TaskCase& c, Milliseconds due_ms) {
  if (due_ms <= c.place.server_ms) return refuse(RefusalCode::due_in_past);
  return {};
}

Task make_task(const TaskCase& c, const TaskFacts& facts) {
  Task task;
  task.id = facts.task;
  task.requester = facts.requester;
  task.proposer = c.author;
  task.proposer_stands_for = facts.acting_for;
  task.kind = facts.kind;
  task.urgency = facts.urgency;
  task.proposed_seq = c.place.channel_seq;
  task.proposed_ms = c.place.server_ms;
  task.depends_on = facts.depends_on;
  for (const TaskParty& assignee : facts.slots) {
    TaskSlot& slot = task.slots.emplace_back();
    slot.assignee = assignee;
    slot.due_is_date = facts.urgency == TaskUrgency::date;
    slot.due_ms = slot.due_is_date ? facts.due_ms : due_after(facts.urgency, c.place.server_ms);
    slot.changed_seq = c.place.channel_seq;
    slot.changed_ms = c.place.server_ms;
  }
  return task;
}

Result<Task> judge_proposed_task(const TaskCase& c, const TaskFacts& facts) {
  if (c.find(facts.task))
    return refuse(RefusalCode::id_taken, "a task of this channel has that id");
  if (facts.requester.agency != c.agency || !speaks_for(c, facts.requester, facts.acting_for))
    return refuse(RefusalCode::not_your_part, "the author does not act for whoever asks");
  for (const TaskParty& assignee : facts.slots)
    OBERIH_TRY(check_assignee(c, assignee, facts.requester));
  OBERIH_TRY(check_dependencies(c, facts));
  if (facts.urgency == TaskUrgency::date) OBERIH_TRY(check_due(c, facts.due_ms));
  return make_task(c, facts);
}

// -- everything after it
// ----------------------------------------------------------------------------

Result<void> reassign(const TaskCase& c, const TaskFacts& facts, const Task& task, TaskSlot& slot) {
  if (facts.assignee.agency != slot.assignee.agency)
    return refuse(RefusalCode::not_your_part, "a task is reassigned inside its agency");
  OBERIH_TRY(check_assignee(c, facts.assignee, task.requester));
  const bool is_under_way = slot.state != TaskState::proposed;
  if (is_under_way && facts.assignee.kind != TaskPartyKind::person)
    return refuse(RefusalCode::transition_unknown, "work under way is given to a person");
  for (const TaskSlot& other : task.slots)
    if (other.assignee == facts.assignee)
      return refuse(RefusalCode::id_taken, "the task is that one's already");
  slot.assignee = facts.assignee;
  slot.holder = is_under_way ? facts.assignee.person() : PersonId{};
  slot.holder_stands_for = {};
  return {};
}

Result<void> check_finished_before(const TaskCase& c, const Task& task) {
  for (const TaskId& id : task.depends_on) {
    const TaskPointer other = c.find(id);
    if (other && other->is_open()) return refuse(RefusalCode::dependencies_open);
  }
  return {};
}

Result<void> rest(const TaskFacts& facts, TaskSlot& slot, Milliseconds now_ms) {
  if (slot.rests.size() >= task_rests_at_most)
    return refuse(RefusalCode::transition_unknown, "the work has rested too often already");
  slot.paused_ms = now_ms;
  slot.pause_reason = facts.reason;
  return {};
}

/// The clock goes on from where it stood.
void go_on(TaskSlot& slot, Milliseconds now_ms) {
  slot.due_ms = due_at(slot, now_ms);
  slot.paused_ms = 0;
  slot.pause_reason.reset();
}

/// A new time, a date from now on. It may be asked for again and again, but never takes time away.
Result<void> extend(const TaskCase& c, const TaskFacts& facts, TaskSlot& slot) {
  OBERIH_TRY(check_due(c, facts.due_ms));
  if (facts.due_ms <= due_at(slot, c.place.server_ms))
    return refuse(RefusalCode::due_in_past, "an extension ends later than what it extends");
  slot.due_ms = facts.due_ms;
  slot.due_is_date = true;
  return {};
}

void finish_for_all(Task& task, const TaskCase& c, std::size_t finished) {
  if (finish_of(task.kind) == TaskFinish::each) return;
  for (std::size_t i = 0; i < task.slots.size(); ++i) {
    TaskSlot& slot = task.slots[i];
    if (i == finished || is_final(slot.state)) continue;
    slot.state = TaskState::withdrawn;
    slot.is_finished_elsewhere = true;
    slot.version += 1;
    slot.paused_ms = 0;
    slot.pause_reason.reset();
    slot.changed_seq = c.place.channel_seq;
    slot.changed_ms = c.place.server_ms;
  }
}

/// What an action changes besides the state.
Result<void> take_effect(const TaskCase& c, const TaskFacts& facts, Task& task, TaskSlot& slot) {
  switch (facts.action) {
    case TaskAction::accept:
      slot.holder = c.author;
      slot.holder_stands_for = facts.acting_for;
      return {};
    case TaskAction::extend:
      return extend(c, facts, slot);
    case TaskAction::reassign:
      return reassign(c, facts, task, slot);
    case TaskAction::pause:
      return rest(facts, slot, c.place.server_ms);
    case TaskAction::resume:
      slot.rests.push_back({slot.paused_ms, c.place.server_ms});
      go_on(slot, c.place.server_ms);
      return {};
    case TaskAction::withdraw:
      go_on(slot, c.place.server_ms);
      return {};
    case TaskAction::submit:
      slot.submitter = c.author;
      return check_finished_before(c, task);
    case TaskAction::confirm:
      finish_for_all(task, c, facts.slot);
      return {};
    case TaskAction::propose:
    case TaskAction::decline:
    case TaskAction::start:
    case TaskAction::return_:
      return {};
  }
  return {};
}

std::string now_it_is(const TaskSlot& slot) {
  return "it is " + std::string(name_of(slot.state)) + " (version " + std::to_string(slot.version) +
         ")";
}

}  // namespace

TaskCase task_case_of(const ChannelState& state, const Directory& directory, const DeviceId& sender,
                      const Place& place, const TaskActors& actors, FindTask find) {
  const DeviceCertificate& author = directory.find_device(sender)->certificate;
  return {state.policy().kind,
          directory.agency_kind_of(sender),
          author.agency,
          author.person,
          place,
          actors,
          std::move(find)};
}

TaskRelations relations_of(const TaskCase& c, const TaskFacts& facts) {
  TaskRelations relations;
  if (facts.action == TaskAction::propose) {
    relations.is_requester =
        facts.requester.agency == c.agency && speaks_for(c, facts.requester, facts.acting_for);
    return relations;
  }
  const TaskPointer task = c.find(facts.task);
  if (!task || facts.slot >= task->slots.size()) return relations;
  const TaskSlot& slot = task->slots[facts.slot];
  relations.is_requester = speaks_for(c, task->requester, facts.acting_for);
  relations.is_addressee = speaks_for(c, slot.assignee, facts.acting_for) ||
                           supervises(c, slot.assignee, facts.acting_for);
  relations.is_holder = holds(c, slot, facts.acting_for);
  return relations;
}

Result<Task> judge_task(const TaskCase& c, const TaskFacts& facts) {
  OBERIH_TRY(check_channel(c, facts));
  if (facts.action == TaskAction::propose) return judge_proposed_task(c, facts);
  const TaskPointer before = c.find(facts.task);
  if (!before || facts.slot >= before->slots.size())
    return refuse(RefusalCode::not_found, "there is no such task in this channel");
  Task task = *before;
  TaskSlot& slot = task.slots[facts.slot];
  // First, so that whoever lost a race is told that, and not that a state has no such action.
  if (facts.expected_version != slot.version)
    return refuse(RefusalCode::stale_version, now_it_is(slot));
  const TaskTransition* row = find_transition(slot.state, facts.action);
  if (row == nullptr) return refuse(RefusalCode::transition_unknown, now_it_is(slot));
  OBERIH_TRY(check_part(c, row->part, task, slot, facts.acting_for));
  OBERIH_TRY(take_effect(c, facts, task, slot));
  slot.state = row->to;
  slot.version += 1;
  slot.changed_seq = c.place.channel_seq;
  slot.changed_ms = c.place.server_ms;
  return task;
}

}  // namespace oberih::sealing
