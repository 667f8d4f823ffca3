// SPDX-License-Identifier: Apache-2.0
#include "server/storage/task_checker.hpp"

#include <algorithm>

#include "protocol/encoding/hex.hpp"
#include "protocol/sealing/roster_actors.hpp"

namespace oberih::storage {
namespace {

std::string name_of_task(const TaskId& id) { return encoding::encode_hex(id).substr(0, 8); }

/// Where the stored slot differs from the computed one; empty: nowhere.
std::string find_difference(const sealing::TaskSlot& stored, const sealing::TaskSlot& computed) {
  return differing_columns(
      {{"assignee", stored.assignee == computed.assignee},
       {"state", stored.state == computed.state},
       {"version", stored.version == computed.version},
       {"holder", stored.holder == computed.holder},
       {"holder_stands_for", stored.holder_stands_for == computed.holder_stands_for},
       {"submitter", stored.submitter == computed.submitter},
       {"due_ms", stored.due_ms == computed.due_ms},
       {"due_is_date", stored.due_is_date == computed.due_is_date},
       {"paused_ms", stored.paused_ms == computed.paused_ms},
       {"pause_reason", stored.pause_reason == computed.pause_reason},
       {"is_finished_elsewhere", stored.is_finished_elsewhere == computed.is_finished_elsewhere},
       {"changed_seq", stored.changed_seq == computed.changed_seq},
       {"changed_ms", stored.changed_ms == computed.changed_ms},
       {"rests", stored.rests == computed.rests},
       {"noticed_ms", stored.noticed_ms == computed.noticed_ms}});
}

std::string find_difference(const sealing::Task& stored, const sealing::Task& computed) {
  std::string differing = differing_columns(
      {{"requester", stored.requester == computed.requester},
       {"proposer", stored.proposer == computed.proposer},
       {"proposer_stands_for", stored.proposer_stands_for == computed.proposer_stands_for},
       {"kind", stored.kind == computed.kind},
       {"urgency", stored.urgency == computed.urgency},
       {"proposed_seq", stored.proposed_seq == computed.proposed_seq},
       {"proposed_ms", stored.proposed_ms == computed.proposed_ms},
       {"depends_on", stored.depends_on == computed.depends_on},
       {"number of slots", stored.slots.size() == computed.slots.size()}});
  for (std::size_t i = 0; i < std::min(stored.slots.size(), computed.slots.size()); ++i) {
    const std::string in_slot = find_difference(stored.slots[i], computed.slots[i]);
    if (!in_slot.empty())
      differing += (differing.empty() ? "slot " : "; slot ") + std::to_string(i) + ": " + in_slot;
  }
  return differing;
}

}  // namespace

Result<void> TaskChecker::check(const sealing::ChannelState& state,
                                const sealing::Directory& directory,
                                const sealing::EntryHeader& header, const sealing::Place& place) {
  Channel& channel = tasks_[header.channel];
  Result<sealing::TaskFacts> facts = sealing::parse_task_facts(header.facts);
  if (!facts) return facts.error();
  const sealing::RosterActors actors(state, directory, place);
  Result<sealing::Task> task = sealing::judge_task(
      sealing::task_case_of(state, directory, header.sender, place, actors,
                            [&](const TaskId& id) {
                              const auto found = channel.find(id);
                              return found == channel.end() ? sealing::TaskPointer()
                                                            : found->second.task;
                            }),
      *facts);
  if (!task) return task.error();
  Known& known = channel[facts->task];
  if (!known.task) channels_of_.emplace(facts->task, header.channel);
  known.task = std::make_shared<const sealing::Task>(std::move(*task));
  known.index = place.index;
  return {};
}

Result<void> TaskChecker::check_event(const ChannelId& channel, const sealing::ServerEvent& event,
                                      const sealing::Place& place) {
  Channel& tasks = tasks_[channel];
  const auto found = tasks.find(event.task);
  Result<sealing::Task> task =
      sealing::judge_event(found == tasks.end() ? nullptr : found->second.task, event, place);
  if (!task) return task.error();
  found->second.task = std::make_shared<const sealing::Task>(std::move(*task));
  found->second.index = place.index;
  return {};
}

std::vector<std::pair<ChannelId, sealing::TaskPointer>> TaskChecker::find(const TaskId& id) const {
  std::vector<std::pair<ChannelId, sealing::TaskPointer>> found;
  for (auto [at, end] = channels_of_.equal_range(id); at != end; ++at)
    found.emplace_back(at->second, tasks_.at(at->second).at(id).task);
  return found;
}

void TaskChecker::compare(CheckCursor& cursor, CheckReport& report,
                          const std::function<bool(const ChannelId&)>& is_judged) {
  cursor.walk_tasks(
      [&](const ChannelId& channel, const TaskId& id, const std::optional<sealing::Task>& stored) {
        if (is_judged(channel)) compare(channel, id, stored, report);
      });
  cursor.walk_wakes([&](const application::TaskWakeRow& wake) {
    if (is_judged(wake.channel)) compare_wake(wake, report);
  });
  for (const auto& [id, channel] : tasks_) {
    if (!is_judged(id)) continue;
    for (const auto& [task, known] : channel) {
      if (!known.is_stored)
        report.add(known.index, "The task " + name_of_task(task) +
                                    " is missing in the table task, with its slots.");
      if (known.wakes != known.task->slots.size())
        report.add(known.index, "The task " + name_of_task(task) +
                                    " does not stand in the table task_wake with each slot.");
    }
  }
}

/// When it is to be looked at next is policy, and no business of the check: only that it is not
/// forgotten, and not looked at for nothing.
void TaskChecker::compare_wake(const application::TaskWakeRow& wake, CheckReport& report) {
  Channel& channel = tasks_[wake.channel];
  const auto known = channel.find(wake.task);
  if (known == channel.end() || wake.slot >= known->second.task->slots.size())
    return report.add(std::nullopt, "The table task_wake has " + name_of_task(wake.task) +
                                        ", of which the journal knows nothing.");
  ++known->second.wakes;
  const sealing::TaskSlot& slot = known->second.task->slots[wake.slot];
  const bool rests = wake.next_ms == 0 || sealing::is_awaited(slot.state);
  const std::string differing = differing_columns({{"due_ms", wake.due_ms == slot.due_ms},
                                                   {"next_ms", rests},
                                                   {"said_ms", wake.said_ms >= slot.noticed_ms}});
  if (!differing.empty())
    report.add(known->second.index, "The row in task_wake of " + name_of_task(wake.task) +
                                        " does not fit the task: " + differing + ".");
}

void TaskChecker::compare(const ChannelId& channel, const TaskId& id,
                          const std::optional<sealing::Task>& stored, CheckReport& report) {
  Channel& found = tasks_[channel];
  const auto known = found.find(id);
  if (known == found.end())
    return report.add(std::nullopt, "The table task has " + name_of_task(id) +
                                        ", of which the journal knows nothing.");
  known->second.is_stored = true;
  if (!stored)
    return report.add(known->second.index,
                      "The rows of the task " + name_of_task(id) + " cannot be a task.");
  const std::string differing = find_difference(*stored, *known->second.task);
  if (!differing.empty())
    report.add(known->second.index, "The rows of the task " + name_of_task(id) +
                                        " differ from what its entries add up to: " + differing +
                                        ".");
}

}  // namespace oberih::storage
