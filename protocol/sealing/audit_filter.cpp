// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/audit_filter.hpp"

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/sealing/entry_facts.hpp"
#include "protocol/sealing/malformed.hpp"

namespace oberih::sealing {
namespace {

// ON DISK: signed.
constexpr std::uint8_t filter_version = 1;
enum class Field : std::uint8_t {
  from = 1,
  to = 2,
  person = 3,
  device = 4,
  agency = 5,
  role = 6,
  channel = 7,
  kind = 8,
  type = 9,
  task = 10,
  hearing = 11,
  handling = 12,
  refusal = 13,
};

class FieldWriter {
 public:
  template <class Value, class Write>
  void put(Field field, const std::optional<Value>& value, Write write) {
    if (!value) return;
    fields_.u8(static_cast<std::uint8_t>(field));
    write(fields_, *value);
    ++count_;
  }
  template <class Tag, std::size_t N>
  void put(Field field, const std::optional<FixedBytes<Tag, N>>& id) {
    put(field, id, [](ByteWriter& writer, const FixedBytes<Tag, N>& value) { writer.raw(value); });
  }
  Bytes take() {
    ByteWriter writer;
    writer.u8(filter_version).u8(count_).raw(fields_.bytes());
    return writer.take();
  }

 private:
  ByteWriter fields_;
  std::uint8_t count_ = 0;
};

void put_ms(ByteWriter& writer, Milliseconds ms) { writer.u64(ms); }
void put_u8(ByteWriter& writer, std::uint8_t value) { writer.u8(value); }

/// False: unknown, or a value that the field cannot have.
bool read_field(ByteReader& reader, std::uint8_t field, AuditFilter& filter) {
  switch (static_cast<Field>(field)) {
    case Field::from:
      filter.from_ms = reader.u64();
      return true;
    case Field::to:
      filter.to_ms = reader.u64();
      return true;
    case Field::person:
      filter.person = reader.id<PersonId>();
      return true;
    case Field::device:
      filter.device = reader.id<DeviceId>();
      return true;
    case Field::agency:
      filter.agency = reader.id<AgencyId>();
      return true;
    case Field::role:
      filter.role = role_of(reader.u8());
      return filter.role.has_value();
    case Field::channel:
      filter.channel = reader.id<ChannelId>();
      return true;
    case Field::kind:
      filter.kind = journal::leaf_kind_of(reader.u8());
      return filter.kind.has_value();
    case Field::type:
      filter.type = reader.u8();
      return true;
    case Field::task:
      filter.task = reader.id<TaskId>();
      return true;
    case Field::hearing:
      filter.hearing = reader.id<HearingId>();
      return true;
    case Field::handling:
      filter.handling = reader.u8();
      return *filter.handling != 0 && handling_of(*filter.handling).has_value();
    case Field::refusal:
      filter.refusal = reader.u16();
      return *filter.refusal != 0;
  }
  return false;
}

template <class Id>
bool is_zero(const std::optional<Id>& id) {
  return id && id->is_zero();
}

bool names_nothing(const AuditFilter& filter) {
  return is_zero(filter.person) || is_zero(filter.device) || is_zero(filter.agency) ||
         is_zero(filter.channel) || is_zero(filter.task) || is_zero(filter.hearing);
}

bool has_types(journal::LeafKind kind) {
  return kind == journal::LeafKind::entry || kind == journal::LeafKind::audit_query ||
         kind == journal::LeafKind::access;
}

template <class Value, class Found>
bool agrees(const std::optional<Value>& wanted, const Found& found) {
  return !wanted || *wanted == found;
}

}  // namespace

Bytes encode_audit_filter(const AuditFilter& filter) {
  FieldWriter fields;
  fields.put(Field::from, filter.from_ms, put_ms);
  fields.put(Field::to, filter.to_ms, put_ms);
  fields.put(Field::person, filter.person);
  fields.put(Field::device, filter.device);
  fields.put(Field::agency, filter.agency);
  fields.put(Field::role, filter.role,
             [](ByteWriter& writer, Role role) { writer.u8(number_of(role)); });
  fields.put(Field::channel, filter.channel);
  fields.put(Field::kind, filter.kind, [](ByteWriter& writer, journal::LeafKind kind) {
    writer.u8(static_cast<std::uint8_t>(kind));
  });
  fields.put(Field::type, filter.type, put_u8);
  fields.put(Field::task, filter.task);
  fields.put(Field::hearing, filter.hearing);
  fields.put(Field::handling, filter.handling, put_u8);
  fields.put(Field::refusal, filter.refusal,
             [](ByteWriter& writer, std::uint16_t code) { writer.u16(code); });
  return fields.take();
}

Result<AuditFilter> parse_audit_filter(ByteView query) {
  ByteReader reader(query);
  if (reader.u8() != filter_version) return malformed("unknown version of an audit filter");
  AuditFilter filter;
  const std::uint8_t count = reader.u8();
  std::uint8_t last = 0;
  for (std::uint8_t i = 0; i < count && !reader.failed(); ++i) {
    const std::uint8_t field = reader.u8();
    if (reader.failed()) break;
    if (field <= last) return malformed("fields of an audit filter do not ascend");
    if (!read_field(reader, field, filter) && !reader.failed())
      return malformed("a field of an audit filter is unknown or has no such value");
    last = field;
  }
  if (!reader.complete()) return malformed("an audit filter of wrong length");
  if (names_nothing(filter)) return malformed("an audit filter that names nobody or nothing");
  if (filter.type && (!filter.kind || !has_types(*filter.kind)))
    return malformed("an audit filter asks for a type of what has none");
  if (filter.from_ms && filter.to_ms && *filter.from_ms >= *filter.to_ms)
    return malformed("an audit filter that ends before it begins");
  return filter;
}

bool fits(const AuditFilter& filter, Milliseconds server_ms, const ChannelId& channel,
          const LeafFacts& facts, const std::optional<LeafActor>& actor) {
  if (filter.from_ms && server_ms < *filter.from_ms) return false;
  if (filter.to_ms && server_ms >= *filter.to_ms) return false;
  if ((filter.person || filter.agency || filter.role) && !actor) return false;
  if (actor && (!agrees(filter.person, actor->person) || !agrees(filter.agency, actor->agency) ||
                !agrees(filter.role, actor->role)))
    return false;
  return agrees(filter.device, facts.device) && agrees(filter.channel, channel) &&
         agrees(filter.kind, facts.kind) && agrees(filter.type, facts.type) &&
         agrees(filter.task, facts.task) && agrees(filter.hearing, facts.hearing) &&
         agrees(filter.handling, facts.handling) && agrees(filter.refusal, facts.refusal);
}

bool fits(const AuditFilter& filter, const journal::Leaf& leaf, const Directory& directory) {
  const LeafFacts facts = facts_of(leaf);
  return fits(filter, leaf.server_ms, leaf.channel_id, facts, actor_of(facts, directory));
}

}  // namespace oberih::sealing
