// SPDX-License-Identifier: Apache-2.0
// What the server tells those who answer for work and sit on no roster: a leaf of kind 11 outside
// of all channels. It says which task is how late in which state, and neither what it is about nor
// in which channel it stands. Bytes: docs/protocol.md, section 19.
#pragma once

#include "protocol/sealing/server_event.hpp"
#include "protocol/sealing/task.hpp"

namespace oberih::sealing {

struct Alert {
  AgencyId agency;  // of the slot's assignee: nobody else's is told
  UnitId unit;      // that was asked; zero: a person was
  TaskId task;
  std::uint16_t slot = 0;
  Milliseconds due_ms = 0;
  TaskState state{};             // of the slot when it was said: one in which it is awaited
  Milliseconds said_for_ms = 0;  // the moment that has come
  std::uint32_t minutes = 0;     // that it lies behind the due time; 0: at it
  LeafSalt salt;

  bool operator==(const Alert&) const = default;
};

/// The alert of that slot as the task stands, without its salt; so many minutes behind its due
/// time. REQUIRES: the slot is there and is awaited.
Alert make_alert(const Task& task, std::uint16_t slot, std::uint32_t minutes);

/// REQUIRES: an alert that parse_alert would take.
Bytes encode_alert(const Alert& alert);
/// Refusal: malformed_object.
Result<Alert> parse_alert(ByteView body);

/// Whether it may be said of the task as it stands then. Only who sees the task can ask: server and
/// check. Refusals: not_found, transition_unknown, due_in_past.
Result<void> judge_alert(const Task& task, const Alert& alert, Milliseconds server_ms);

}  // namespace oberih::sealing
