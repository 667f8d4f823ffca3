// SPDX-License-Identifier: Apache-2.0
// The clear, signed part of a task entry (type 2): what the server judges by. No name and no word
// of the matter is in it. Bytes: docs/protocol.md, section 15.
#pragma once

#include <vector>

#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"
#include "protocol/sealing/task_party.hpp"
#include "protocol/sealing/task_transitions.hpp"
#include "protocol/sealing/task_words.hpp"

namespace oberih::sealing {

inline constexpr std::size_t task_slots_at_most = 32;
inline constexpr std::size_t task_dependencies_at_most = 32;
inline constexpr Milliseconds latest_due_ms = 253'402'300'799'999;  // the end of the year 9999

/// INVARIANT: a field is zero or empty where its comment does not name the action.
struct TaskFacts {
  std::uint8_t handling = 0;  // the common bytes, as in every entry
  std::uint8_t priority = 0;
  std::uint8_t asks_for = 0;
  TaskId task;
  TaskAction action{};
  std::uint64_t expected_version = 0;  // of the slot as its author knows it; 0: propose
  PersonId acting_for;                 // whom the author stands in for; zero: oneself
  std::uint16_t slot = 0;              // acted on; not in propose

  TaskParty requester;                  // propose
  TaskKind kind{};                      // propose
  TaskUrgency urgency{};                // propose
  Milliseconds due_ms = 0;              // propose where urgency is date; extend
  std::vector<TaskParty> slots;         // propose: 1 to 32, ascending
  std::vector<TaskId> depends_on;       // propose: at most 32, ascending
  std::optional<PauseReason> reason{};  // pause
  TaskParty assignee;                   // reassign
};

Bytes encode_task_facts(const TaskFacts& facts);
/// Refusal: malformed_object.
Result<TaskFacts> parse_task_facts(ByteView bytes);

}  // namespace oberih::sealing
