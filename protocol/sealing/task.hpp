// SPDX-License-Identifier: Apache-2.0
// A task: what its entries so far add up to. Each assignee has a slot with a state and a version of
// its own. Whether an entry may come next is task_rules' business.
#pragma once

#include <memory>

#include "protocol/sealing/task_facts.hpp"

namespace oberih::sealing {

struct TaskSlot {
  TaskParty assignee;
  TaskState state = first_task_state;
  std::uint64_t version = 1;   // grows by one with every action on the slot
  PersonId holder;             // who accepted, or was given, the work; zero: nobody yet
  PersonId holder_stands_for;  // whom the holder stood in for when accepting; zero: nobody
  PersonId submitter;          // who handed it in last; zero: nobody yet
  Milliseconds due_ms = 0;
  bool due_is_date = false;    // named by somebody: it does not move while the work rests
  Milliseconds paused_ms = 0;  // since; 0: not paused
  std::optional<PauseReason> pause_reason{};
  bool is_finished_elsewhere = false;  // withdrawn because another slot finished for all
  std::uint64_t changed_seq = 0;       // channel_seq and time of the newest entry about it
  Milliseconds changed_ms = 0;

  bool operator==(const TaskSlot&) const = default;
};

struct Task {
  TaskId id;
  TaskParty requester;
  PersonId proposer;
  PersonId proposer_stands_for;  // zero: nobody
  TaskKind kind{};
  TaskUrgency urgency{};
  std::uint64_t proposed_seq = 0;
  Milliseconds proposed_ms = 0;
  std::vector<TaskId> depends_on;  // ascending
  std::vector<TaskSlot> slots;

  /// Whether something can still happen to it; what depends on it waits so long.
  bool is_open() const;
  bool operator==(const Task&) const = default;
};
using TaskPointer = std::shared_ptr<const Task>;

/// The due time as it stands at `now_ms`: it moves while the work rests, but for a date.
Milliseconds due_at(const TaskSlot& slot, Milliseconds now_ms);
/// Whether the assignee is behind: not while the work rests, is handed in or has ended.
bool is_overdue(const TaskSlot& slot, Milliseconds now_ms);

/// For a store of one's own (not a wire format; versioned).
Bytes encode_task(const Task& task);
/// Refusal: malformed_object.
Result<Task> parse_task(ByteView bytes);

}  // namespace oberih::sealing
