// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/task_facts.hpp"

#include <algorithm>

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/sealing/malformed.hpp"

namespace oberih::sealing {
namespace {

constexpr std::uint8_t facts_version = 1;

template <class Value>
bool ascends(const std::vector<Value>& values) {
  return std::adjacent_find(values.begin(), values.end(), [](const Value& a, const Value& b) {
           return !(a < b);
         }) == values.end();
}

void write_proposal(ByteWriter& writer, const TaskFacts& facts) {
  write_party(writer, facts.requester);
  writer.u8(static_cast<std::uint8_t>(facts.kind)).u8(static_cast<std::uint8_t>(facts.urgency));
  if (facts.urgency == TaskUrgency::date) writer.u64(facts.due_ms);
  writer.u16(static_cast<std::uint16_t>(facts.slots.size()));
  for (const TaskParty& slot : facts.slots) write_party(writer, slot);
  writer.u16(static_cast<std::uint16_t>(facts.depends_on.size()));
  for (const TaskId& task : facts.depends_on) writer.raw(task);
}

/// What could not stand is told by reader.fail(): the caller asks once.
void read_proposal(ByteReader& reader, TaskFacts& facts) {
  facts.requester = read_party(reader);
  const std::optional<TaskKind> kind = task_kind_of(reader.u8());
  const std::optional<TaskUrgency> urgency = task_urgency_of(reader.u8());
  if (!kind || !urgency) return reader.fail();
  facts.kind = *kind;
  facts.urgency = *urgency;
  if (facts.urgency == TaskUrgency::date) facts.due_ms = reader.u64();
  const std::size_t slots = reader.u16();
  if (slots == 0 || slots > task_slots_at_most) return reader.fail();
  for (std::size_t i = 0; i < slots; ++i) facts.slots.push_back(read_party(reader));
  const std::size_t dependencies = reader.u16();
  if (dependencies > task_dependencies_at_most) return reader.fail();
  for (std::size_t i = 0; i < dependencies; ++i) facts.depends_on.push_back(reader.id<TaskId>());
  if (!ascends(facts.slots) || !ascends(facts.depends_on)) reader.fail();
}

void write_fields(ByteWriter& writer, const TaskFacts& facts) {
  switch (facts.action) {
    case TaskAction::propose:
      return write_proposal(writer, facts);
    case TaskAction::extend:
      writer.u16(facts.slot).u64(facts.due_ms);
      return;
    case TaskAction::reassign:
      writer.u16(facts.slot);
      return write_party(writer, facts.assignee);
    case TaskAction::pause:
      writer.u16(facts.slot).u8(facts.reason ? static_cast<std::uint8_t>(*facts.reason) : 0);
      return;
    case TaskAction::accept:
    case TaskAction::decline:
    case TaskAction::withdraw:
    case TaskAction::start:
    case TaskAction::resume:
    case TaskAction::submit:
    case TaskAction::confirm:
    case TaskAction::return_:
      writer.u16(facts.slot);
      return;
  }
}

void read_fields(ByteReader& reader, TaskFacts& facts) {
  switch (facts.action) {
    case TaskAction::propose:
      if (facts.expected_version != 0) reader.fail();
      return read_proposal(reader, facts);
    case TaskAction::extend:
      facts.slot = reader.u16();
      facts.due_ms = reader.u64();
      return;
    case TaskAction::reassign:
      facts.slot = reader.u16();
      facts.assignee = read_party(reader);
      return;
    case TaskAction::pause:
      facts.slot = reader.u16();
      facts.reason = pause_reason_of(reader.u8());
      if (!facts.reason) reader.fail();
      return;
    case TaskAction::accept:
    case TaskAction::decline:
    case TaskAction::withdraw:
    case TaskAction::start:
    case TaskAction::resume:
    case TaskAction::submit:
    case TaskAction::confirm:
    case TaskAction::return_:
      facts.slot = reader.u16();
      return;
  }
}

}  // namespace

Bytes encode_task_facts(const TaskFacts& facts) {
  ByteWriter writer(128 + 33 * facts.slots.size() + 16 * facts.depends_on.size());
  writer.u8(facts_version).u8(facts.handling).u8(facts.priority).u8(facts.asks_for);
  writer.raw(facts.task).u8(static_cast<std::uint8_t>(facts.action));
  writer.u64(facts.expected_version).raw(facts.acting_for);
  write_fields(writer, facts);
  return writer.take();
}

Result<TaskFacts> parse_task_facts(ByteView bytes) {
  ByteReader reader(bytes);
  if (reader.u8() != facts_version) return malformed("unknown version of a task's facts");
  TaskFacts facts;
  facts.handling = reader.u8();
  facts.priority = reader.u8();
  facts.asks_for = reader.u8();
  facts.task = reader.id<TaskId>();
  const std::optional<TaskAction> action = task_action_of(reader.u8());
  if (!action) return malformed("an unknown action of a task");
  facts.action = *action;
  facts.expected_version = reader.u64();
  facts.acting_for = reader.id<PersonId>();
  read_fields(reader, facts);
  if (!reader.complete() || facts.due_ms > latest_due_ms)
    return malformed("a task's facts that are not well formed");
  return facts;
}

}  // namespace oberih::sealing
