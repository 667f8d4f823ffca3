// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/hearing_facts.hpp"

#include <algorithm>

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/sealing/malformed.hpp"
#include "protocol/sealing/task_facts.hpp"

namespace oberih::sealing {
namespace {

constexpr std::uint8_t hearing_facts_version = 1;
constexpr std::uint8_t kyiv = 1;  // the one zone; another is malformed

template <class Value>
bool stand_in_order(const std::vector<Value>& values) {
  return std::adjacent_find(values.begin(), values.end(), [](const Value& a, const Value& b) {
           return !(a < b);
         }) == values.end();
}

void write_time(ByteWriter& writer, const WallTime& time) {
  writer.u8(kyiv).u16(static_cast<std::uint16_t>(time.date.year));
  writer.u8(static_cast<std::uint8_t>(time.date.month));
  writer.u8(static_cast<std::uint8_t>(time.date.day));
  writer.u8(static_cast<std::uint8_t>(time.hour)).u8(static_cast<std::uint8_t>(time.minute));
}

WallTime read_time(ByteReader& reader) {
  if (reader.u8() != kyiv) reader.fail();
  WallTime time;
  time.date.year = reader.u16();
  time.date.month = reader.u8();
  time.date.day = reader.u8();
  time.hour = reader.u8();
  time.minute = reader.u8();
  return time;
}

void write_date(ByteWriter& writer, const std::optional<WallTime>& date) {
  writer.u8(date ? 1 : 0);
  if (date) write_time(writer, *date);
}

std::optional<WallTime> read_date(ByteReader& reader) {
  const std::uint8_t has_date = reader.u8();
  if (has_date > 1) reader.fail();
  if (has_date != 1) return std::nullopt;
  return read_time(reader);
}

void write_reason(ByteWriter& writer, const HearingFacts& facts) {
  writer.u8(facts.reason ? static_cast<std::uint8_t>(*facts.reason) : 0);
}

void read_reason(ByteReader& reader, HearingFacts& facts) {
  facts.reason = hearing_reason_of(reader.u8());
  if (!facts.reason) reader.fail();
}

void write_notice(ByteWriter& writer, const HearingNotice& notice) {
  writer.raw(notice.proceeding).raw(notice.court);
  write_time(writer, notice.start);
  writer.u16(notice.minutes).raw(notice.room).u64(notice.answer_by_ms);
  writer.u8(notice.testimony_ordinal);
  writer.u16(static_cast<std::uint16_t>(notice.addressees.size()));
  for (const HearingAddressee& each : notice.addressees)
    writer.u8(static_cast<std::uint8_t>(each.kind)).raw(each.agency).raw(ByteView(each.id));
  writer.u16(static_cast<std::uint16_t>(notice.through_centre.size()));
  for (const std::uint16_t addressee : notice.through_centre) writer.u16(addressee);
  writer.u16(static_cast<std::uint16_t>(notice.may_not_be_told.size()));
  for (const HearingExclusion& each : notice.may_not_be_told)
    writer.raw(each.agency).raw(each.unit);
}

/// What could not stand is told by reader.fail(): the caller asks once.
void read_addressees(ByteReader& reader, HearingNotice& notice) {
  const std::size_t count = reader.u16();
  if (count == 0 || count > hearing_addressees_at_most) return reader.fail();
  for (std::size_t i = 0; i < count; ++i) {
    HearingAddressee each;
    const std::uint8_t kind = reader.u8();
    if (kind < 1 || kind > 3) return reader.fail();
    each.kind = static_cast<AddresseeKind>(kind);
    each.agency = reader.id<AgencyId>();
    each.id = reader.id<PersonId>().bytes;
    if (each.agency.is_zero() == each.has_account()) return reader.fail();
    notice.addressees.push_back(each);
  }
  const std::size_t through_centre = reader.u16();
  if (through_centre > count) return reader.fail();
  for (std::size_t i = 0; i < through_centre; ++i) {
    notice.through_centre.push_back(reader.u16());
    const std::size_t place = notice.through_centre.back();
    if (place >= count || !notice.addressees[place].has_account()) return reader.fail();
  }
}

void read_notice(ByteReader& reader, HearingNotice& notice) {
  notice.proceeding = reader.id<ProceedingId>();
  notice.court = reader.id<AgencyId>();
  notice.start = read_time(reader);
  notice.minutes = reader.u16();
  notice.room = reader.id<RoomId>();
  notice.answer_by_ms = reader.u64();
  notice.testimony_ordinal = reader.u8();
  read_addressees(reader, notice);
  const std::size_t exclusions = reader.u16();
  if (exclusions > hearing_exclusions_at_most) return reader.fail();
  for (std::size_t i = 0; i < exclusions; ++i) {
    HearingExclusion each;
    each.agency = reader.id<AgencyId>();
    each.unit = reader.id<UnitId>();
    notice.may_not_be_told.push_back(each);
  }
  if (notice.minutes == 0 || notice.minutes > hearing_minutes_at_most) reader.fail();
  if (notice.answer_by_ms > latest_due_ms) reader.fail();
  if (!stand_in_order(notice.addressees) || !stand_in_order(notice.through_centre) ||
      !stand_in_order(notice.may_not_be_told))
    reader.fail();
}

void write_verb_fields(ByteWriter& writer, const HearingFacts& facts) {
  switch (facts.verb) {
    case HearingVerb::schedule:
    case HearingVerb::reschedule:
      return write_notice(writer, facts.notice);
    case HearingVerb::cancel:
      return write_reason(writer, facts);
    case HearingVerb::propose_date:
      writer.u16(facts.addressee);
      return write_time(writer, facts.date.value_or(WallTime{}));
    case HearingVerb::record_service:
      writer.u16(facts.addressee).u8(static_cast<std::uint8_t>(facts.way)).u64(facts.done_ms);
      return;
    case HearingVerb::confirm_told:
      writer.u16(facts.addressee).u64(facts.done_ms);
      return;
    case HearingVerb::record_recess:
    case HearingVerb::record_adjournment:
      write_reason(writer, facts);
      return write_date(writer, facts.date);
    case HearingVerb::record_held:
    case HearingVerb::record_judgment:
      return;
  }
}

void read_service(ByteReader& reader, HearingFacts& facts) {
  facts.addressee = reader.u16();
  const std::optional<ServiceWay> way = service_way_of(reader.u8());
  if (!way) return reader.fail();
  facts.way = *way;
  facts.done_ms = reader.u64();
}

void read_verb_fields(ByteReader& reader, HearingFacts& facts) {
  switch (facts.verb) {
    case HearingVerb::schedule:
      if (facts.expected_version != 0) reader.fail();
      return read_notice(reader, facts.notice);
    case HearingVerb::reschedule:
      return read_notice(reader, facts.notice);
    case HearingVerb::cancel:
      return read_reason(reader, facts);
    case HearingVerb::propose_date:
      facts.addressee = reader.u16();
      facts.date = read_time(reader);
      return;
    case HearingVerb::record_service:
      return read_service(reader, facts);
    case HearingVerb::confirm_told:
      facts.addressee = reader.u16();
      facts.done_ms = reader.u64();
      return;
    case HearingVerb::record_recess:
    case HearingVerb::record_adjournment:
      read_reason(reader, facts);
      facts.date = read_date(reader);
      return;
    case HearingVerb::record_held:
    case HearingVerb::record_judgment:
      return;
  }
}

}  // namespace

bool HearingNotice::goes_through_centre(std::size_t addressee) const {
  return std::binary_search(through_centre.begin(), through_centre.end(), addressee);
}

Bytes encode_hearing_facts(const HearingFacts& facts) {
  ByteWriter writer(192 + 35 * facts.notice.addressees.size());
  writer.u8(hearing_facts_version).u8(facts.handling).u8(facts.priority).u8(facts.asks_for);
  writer.raw(facts.hearing).u8(static_cast<std::uint8_t>(facts.verb));
  writer.u64(facts.expected_version).raw(facts.acting_for);
  write_verb_fields(writer, facts);
  return writer.take();
}

Result<HearingFacts> parse_hearing_facts(ByteView bytes) {
  ByteReader reader(bytes);
  if (reader.u8() != hearing_facts_version)
    return malformed("unknown version of a hearing's facts");
  HearingFacts facts;
  facts.handling = reader.u8();
  facts.priority = reader.u8();
  facts.asks_for = reader.u8();
  facts.hearing = reader.id<HearingId>();
  const std::optional<HearingVerb> verb = hearing_verb_of(reader.u8());
  if (!verb) return malformed("an unknown verb of a hearing");
  facts.verb = *verb;
  facts.expected_version = reader.u64();
  facts.acting_for = reader.id<PersonId>();
  read_verb_fields(reader, facts);
  if (!reader.complete() || facts.done_ms > latest_due_ms)
    return malformed("a hearing's facts that are not well formed");
  return facts;
}

}  // namespace oberih::sealing
