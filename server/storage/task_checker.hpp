// SPDX-License-Identifier: Apache-2.0
// Tasks as the journal's entries add them up, judged by the same rules as on the server and at the
// clients, and compared in the end with the tables task and task_slot.
#pragma once

#include <functional>
#include <map>
#include <unordered_map>

#include "protocol/sealing/task_events.hpp"
#include "protocol/sealing/task_rules.hpp"
#include "server/storage/check_cursor.hpp"
#include "server/storage/check_report.hpp"

namespace oberih::storage {

class TaskChecker {
 public:
  /// A task entry that stands in the channel. Refusal: it breaks a rule.
  Result<void> check(const sealing::ChannelState& state, const sealing::Directory& directory,
                     const sealing::EntryHeader& header, const sealing::Place& place);
  /// An event of the server about a task, in the channel's chain. Refusal: it breaks a rule.
  Result<void> check_event(const ChannelId& channel, const sealing::ServerEvent& event,
                           const sealing::Place& place);
  /// The tasks of that id as they stand, with their channels: an id is unique in a channel alone.
  std::vector<std::pair<ChannelId, sealing::TaskPointer>> find(const TaskId& id) const;
  /// Leaves out the channels that could not be judged to their end.
  void compare(CheckCursor& cursor, CheckReport& report,
               const std::function<bool(const ChannelId&)>& is_judged);

 private:
  struct Known {
    sealing::TaskPointer task;
    std::uint64_t index = 0;  // of the newest entry about it
    bool is_stored = false;
    std::size_t wakes = 0;  // stored, one a slot
  };
  using Channel = std::map<TaskId, Known>;
  void compare(const ChannelId& channel, const TaskId& id,
               const std::optional<sealing::Task>& stored, CheckReport& report);
  void compare_wake(const application::TaskWakeRow& wake, CheckReport& report);

  std::unordered_map<ChannelId, Channel, FixedBytesHash> tasks_;
  std::multimap<TaskId, ChannelId> channels_of_;
};

}  // namespace oberih::storage
