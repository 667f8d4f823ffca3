// SPDX-License-Identifier: Apache-2.0
// A task: what its entries so far add up to. Each assignee has a slot with a state and a version of
// its own. Whether an entry may come next is task_rules' business.
#pragma once

#include <memory>

#include "protocol/sealing/task_facts.hpp"

namespace oberih::sealing {

/// A time in which the work rested.
struct TaskRest {
  Milliseconds from_ms = 0;
  Milliseconds to_ms = 0;

  bool operator==(const TaskRest&) const = default;
};
inline constexpr std::size_t task_rests_at_most = 200;  // of a slot: who rests more does not work

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
  std::vector<TaskRest> rests{};  // that are over, in order: what the calendar leaves out
  Milliseconds noticed_ms = 0;    // the newest moment for which the server said something; 0: none

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
/// Whether somebody is expected to get on with it: then it is reminded of, and can be overdue.
bool is_awaited(TaskState state);
/// Whether the assignee is behind: not while the work rests, is handed in or has ended.
bool is_overdue(const TaskSlot& slot, Milliseconds now_ms);

/// `u16 n || n * (u64 from_ms || u64 to_ms)`, for a column of a store of one's own.
Bytes encode_rests(const std::vector<TaskRest>& rests);
/// Refusal: malformed_object.
Result<std::vector<TaskRest>> parse_rests(ByteView bytes);

/// For a store of one's own (not a wire format; versioned).
Bytes encode_task(const Task& task);
/// Refusal: malformed_object.
Result<Task> parse_task(ByteView bytes);

}  // namespace oberih::sealing
