// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/server_event.hpp"

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/sealing/malformed.hpp"
#include "protocol/sealing/task_facts.hpp"

namespace oberih::sealing {
namespace {

constexpr std::uint8_t server_event_version = 1;  // ON DISK

std::optional<ServerEventWhat> server_event_of(std::uint8_t number) {
  for (const auto what :
       {ServerEventWhat::due_set, ServerEventWhat::reminder, ServerEventWhat::overdue})
    if (static_cast<std::uint8_t>(what) == number) return what;
  return std::nullopt;
}

void read_fields(ByteReader& reader, ServerEvent& event) {
  event.task = reader.id<TaskId>();
  event.slot = reader.u16();
  event.due_ms = reader.u64();
  switch (event.what) {
    case ServerEventWhat::due_set:
      event.calendar = reader.id<Digest>();
      event.deadlines = reader.id<Digest>();
      return;
    case ServerEventWhat::reminder:
      event.said_for_ms = reader.u64();
      event.minutes = reader.u32();
      return;
    case ServerEventWhat::overdue:
      event.said_for_ms = reader.u64();
      return;
  }
}

/// Whether the moment is the one that the due time and the minutes give.
bool is_of_its_moment(const ServerEvent& event) {
  switch (event.what) {
    case ServerEventWhat::due_set:
      return true;
    case ServerEventWhat::reminder:
      return event.minutes != 0 && event.said_for_ms < event.due_ms &&
             event.due_ms - event.said_for_ms == ms_of_minutes(event.minutes);
    case ServerEventWhat::overdue:
      return event.said_for_ms == event.due_ms;
  }
  return false;
}

}  // namespace

std::string_view name_of(ServerEventWhat what) {
  switch (what) {
    case ServerEventWhat::due_set:
      return "due_set";
    case ServerEventWhat::reminder:
      return "reminder";
    case ServerEventWhat::overdue:
      return "overdue";
  }
  return {};
}

Bytes encode_server_event(const ServerEvent& event) {
  ByteWriter writer;
  writer.u8(server_event_version).u8(static_cast<std::uint8_t>(event.what));
  writer.raw(event.task).u16(event.slot).u64(event.due_ms);
  switch (event.what) {
    case ServerEventWhat::due_set:
      writer.raw(event.calendar).raw(event.deadlines);
      break;
    case ServerEventWhat::reminder:
      writer.u64(event.said_for_ms).u32(event.minutes);
      break;
    case ServerEventWhat::overdue:
      writer.u64(event.said_for_ms);
      break;
  }
  return writer.raw(event.salt).take();
}

Result<ServerEvent> parse_server_event(ByteView body) {
  ByteReader reader(body);
  if (reader.u8() != server_event_version) return malformed("unknown version of a server event");
  const std::optional<ServerEventWhat> what = server_event_of(reader.u8());
  if (!what) return malformed("a server event of unknown kind");
  ServerEvent event;
  event.what = *what;
  read_fields(reader, event);
  event.salt = reader.id<LeafSalt>();
  if (!reader.complete()) return malformed("a server event of wrong length");
  if (event.task.is_zero()) return malformed("a server event about no task");
  if (event.slot >= task_slots_at_most) return malformed("a task has no such assignee");
  if (event.due_ms == 0 || event.due_ms > latest_due_ms)
    return malformed("a due time out of range");
  if (!is_of_its_moment(event)) return malformed("a server event of another moment than its own");
  return event;
}

}  // namespace oberih::sealing
