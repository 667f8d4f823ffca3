// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/task.hpp"

#include <algorithm>

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"

namespace oberih::sealing {
namespace {

constexpr std::uint8_t stored_version = 2;
constexpr std::uint8_t version_without_rests = 1;  // its slots say nothing of rests and notices

template <class Value>
Value require(std::optional<Value> value, ByteReader& reader) {
  if (!value) reader.fail();
  return value.value_or(Value{});
}

void write_slot(ByteWriter& writer, const TaskSlot& slot) {
  write_party(writer, slot.assignee);
  writer.u8(static_cast<std::uint8_t>(slot.state)).u64(slot.version);
  writer.raw(slot.holder).raw(slot.holder_stands_for).raw(slot.submitter);
  writer.u64(slot.due_ms).u8(slot.due_is_date ? 1 : 0).u64(slot.paused_ms);
  writer.u8(slot.pause_reason ? static_cast<std::uint8_t>(*slot.pause_reason) : 0);
  writer.u8(slot.is_finished_elsewhere ? 1 : 0).u64(slot.changed_seq).u64(slot.changed_ms);
  writer.raw(encode_rests(slot.rests)).u64(slot.noticed_ms);
}

std::vector<TaskRest> read_rests(ByteReader& reader, std::size_t count) {
  if (count > task_rests_at_most) reader.fail();
  std::vector<TaskRest> rests;
  for (; count > 0 && !reader.failed(); --count) rests.push_back({reader.u64(), reader.u64()});
  return rests;
}

bool read_flag(ByteReader& reader) {
  const std::uint8_t flag = reader.u8();
  if (flag > 1) reader.fail();
  return flag == 1;
}

TaskSlot read_slot(ByteReader& reader, bool has_rests) {
  TaskSlot slot;
  slot.assignee = read_party(reader);
  slot.state = require(task_state_of(reader.u8()), reader);
  slot.version = reader.u64();
  slot.holder = reader.id<PersonId>();
  slot.holder_stands_for = reader.id<PersonId>();
  slot.submitter = reader.id<PersonId>();
  slot.due_ms = reader.u64();
  slot.due_is_date = read_flag(reader);
  slot.paused_ms = reader.u64();
  const std::uint8_t reason = reader.u8();
  if (reason != 0) slot.pause_reason = require(pause_reason_of(reason), reader);
  slot.is_finished_elsewhere = read_flag(reader);
  slot.changed_seq = reader.u64();
  slot.changed_ms = reader.u64();
  if (!has_rests) return slot;
  slot.rests = read_rests(reader, reader.u16());
  slot.noticed_ms = reader.u64();
  return slot;
}

}  // namespace

bool Task::is_open() const {
  return std::any_of(slots.begin(), slots.end(),
                     [](const TaskSlot& slot) { return !is_final(slot.state); });
}

Milliseconds due_at(const TaskSlot& slot, Milliseconds now_ms) {
  const bool moves = slot.paused_ms != 0 && !slot.due_is_date && now_ms > slot.paused_ms;
  return moves ? slot.due_ms + (now_ms - slot.paused_ms) : slot.due_ms;
}

bool is_awaited(TaskState state) {
  switch (state) {
    case TaskState::proposed:
    case TaskState::accepted:
    case TaskState::in_progress:
      return true;
    case TaskState::paused:
    case TaskState::submitted:
    case TaskState::completed:
    case TaskState::declined:
    case TaskState::withdrawn:
      return false;
  }
  return false;
}

bool is_overdue(const TaskSlot& slot, Milliseconds now_ms) {
  return is_awaited(slot.state) && now_ms >= slot.due_ms;
}

Bytes encode_rests(const std::vector<TaskRest>& rests) {
  ByteWriter writer(2 + 16 * rests.size());
  writer.u16(static_cast<std::uint16_t>(rests.size()));
  for (const TaskRest& rest : rests) writer.u64(rest.from_ms).u64(rest.to_ms);
  return writer.take();
}

Result<std::vector<TaskRest>> parse_rests(ByteView bytes) {
  ByteReader reader(bytes);
  std::vector<TaskRest> rests = read_rests(reader, reader.u16());
  if (!reader.complete())
    return refuse(RefusalCode::malformed_object, "the rests of a task that are damaged");
  return rests;
}

Bytes encode_task(const Task& task) {
  ByteWriter writer(256);
  writer.u8(stored_version).raw(task.id);
  write_party(writer, task.requester);
  writer.raw(task.proposer).raw(task.proposer_stands_for);
  writer.u8(static_cast<std::uint8_t>(task.kind)).u8(static_cast<std::uint8_t>(task.urgency));
  writer.u64(task.proposed_seq).u64(task.proposed_ms);
  writer.u16(static_cast<std::uint16_t>(task.depends_on.size()));
  for (const TaskId& id : task.depends_on) writer.raw(id);
  writer.u16(static_cast<std::uint16_t>(task.slots.size()));
  for (const TaskSlot& slot : task.slots) write_slot(writer, slot);
  return writer.take();
}

Result<Task> parse_task(ByteView bytes) {
  ByteReader reader(bytes);
  Task task;
  const std::uint8_t version = reader.u8();
  if (version != stored_version && version != version_without_rests) reader.fail();
  task.id = reader.id<TaskId>();
  task.requester = read_party(reader);
  task.proposer = reader.id<PersonId>();
  task.proposer_stands_for = reader.id<PersonId>();
  task.kind = require(task_kind_of(reader.u8()), reader);
  task.urgency = require(task_urgency_of(reader.u8()), reader);
  task.proposed_seq = reader.u64();
  task.proposed_ms = reader.u64();
  for (std::size_t n = reader.u16(); n > 0 && !reader.failed(); --n)
    task.depends_on.push_back(reader.id<TaskId>());
  for (std::size_t n = reader.u16(); n > 0 && !reader.failed(); --n)
    task.slots.push_back(read_slot(reader, version == stored_version));
  if (!reader.complete())
    return refuse(RefusalCode::malformed_object, "a stored task that is damaged");
  return task;
}

}  // namespace oberih::sealing
