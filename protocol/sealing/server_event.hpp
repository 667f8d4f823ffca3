// SPDX-License-Identifier: Apache-2.0
// What the server says of itself, in its own name: the body of a leaf of kind 11. It says when
// something is due and that a moment has come, never what somebody did. What may be said of a task
// is task_events' business. Bytes: docs/protocol.md, section 18.
#pragma once

#include <array>
#include <string_view>

#include "protocol/base/civil_time.hpp"
#include "protocol/sealing/policy_leaf.hpp"

namespace oberih::sealing {

// ON DISK
enum class ServerEventWhat : std::uint8_t {
  due_set = 1,   // the due time of a task's slot, by the calendar
  reminder = 2,  // so many minutes before the due time
  overdue = 3,   // the due time has passed
};
std::string_view name_of(ServerEventWhat what);

/// INVARIANT: a field is zero where its comment does not name the event.
struct ServerEvent {
  ServerEventWhat what{};
  TaskId task;
  std::uint16_t slot = 0;
  Milliseconds due_ms = 0;
  Milliseconds said_for_ms = 0;  // reminder, overdue: the moment that has come
  std::uint32_t minutes = 0;     // reminder: before the due time
  Digest calendar;               // due_set: SHA-256 of the policy files it was computed by
  Digest deadlines;              // due_set
  LeafSalt salt;

  bool operator==(const ServerEvent&) const = default;
};

constexpr Milliseconds ms_of_minutes(std::uint32_t minutes) {
  return minutes * static_cast<Milliseconds>(minute_ms);
}

/// REQUIRES: an event that parse_server_event would take.
Bytes encode_server_event(const ServerEvent& event);
/// Refusal: malformed_object.
Result<ServerEvent> parse_server_event(ByteView body);

}  // namespace oberih::sealing
