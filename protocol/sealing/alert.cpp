// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/alert.hpp"

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/sealing/malformed.hpp"

namespace oberih::sealing {
namespace {

constexpr std::uint8_t alert_version = 1;   // ON DISK
constexpr std::uint8_t what_escalated = 5;  // ON DISK: beside the events of a channel, 1 to 3

}  // namespace

Alert make_alert(const Task& task, std::uint16_t slot, std::uint32_t minutes) {
  const TaskSlot& part = task.slots.at(slot);
  Alert alert;
  alert.agency = part.assignee.agency;
  if (part.assignee.kind == TaskPartyKind::unit) alert.unit = part.assignee.unit();
  alert.task = task.id;
  alert.slot = slot;
  alert.due_ms = part.due_ms;
  alert.state = part.state;
  alert.said_for_ms = part.due_ms + ms_of_minutes(minutes);
  alert.minutes = minutes;
  return alert;
}

Bytes encode_alert(const Alert& alert) {
  ByteWriter writer;
  writer.u8(alert_version).u8(what_escalated).raw(alert.agency).raw(alert.unit).raw(alert.task);
  writer.u16(alert.slot).u64(alert.due_ms).u8(static_cast<std::uint8_t>(alert.state));
  return writer.u64(alert.said_for_ms).u32(alert.minutes).raw(alert.salt).take();
}

Result<Alert> parse_alert(ByteView body) {
  ByteReader reader(body);
  if (reader.u8() != alert_version) return malformed("unknown version of an alert");
  if (reader.u8() != what_escalated) return malformed("an alert of unknown kind");
  Alert alert;
  alert.agency = reader.id<AgencyId>();
  alert.unit = reader.id<UnitId>();
  alert.task = reader.id<TaskId>();
  alert.slot = reader.u16();
  alert.due_ms = reader.u64();
  const std::optional<TaskState> state = task_state_of(reader.u8());
  alert.said_for_ms = reader.u64();
  alert.minutes = reader.u32();
  alert.salt = reader.id<LeafSalt>();
  if (!reader.complete()) return malformed("an alert of wrong length");
  if (alert.agency.is_zero()) return malformed("an alert for no agency");
  if (alert.task.is_zero()) return malformed("an alert about no task");
  if (alert.slot >= task_slots_at_most) return malformed("a task has no such assignee");
  if (alert.due_ms == 0 || alert.due_ms > latest_due_ms)
    return malformed("a due time out of range");
  if (!state || !is_awaited(*state)) return malformed("an alert about work that nobody awaits");
  alert.state = *state;
  if (alert.said_for_ms != alert.due_ms + ms_of_minutes(alert.minutes))
    return malformed("an alert of another moment than its own");
  return alert;
}

Result<void> judge_alert(const Task& task, const Alert& alert, Milliseconds server_ms) {
  if (task.id != alert.task || alert.slot >= task.slots.size())
    return refuse(RefusalCode::not_found, "there is no such task");
  if (!is_awaited(task.slots[alert.slot].state))
    return refuse(RefusalCode::transition_unknown, "an alert about work that nobody awaits");
  Alert told = make_alert(task, alert.slot, alert.minutes);
  if (told.due_ms != alert.due_ms)
    return refuse(RefusalCode::due_in_past, "an alert of another due time");
  if (alert.said_for_ms > server_ms)
    return refuse(RefusalCode::due_in_past, "an alert before its moment");
  told.salt = alert.salt;
  if (told != alert) return refuse(RefusalCode::not_found, "the task stands otherwise");
  return {};
}

}  // namespace oberih::sealing
