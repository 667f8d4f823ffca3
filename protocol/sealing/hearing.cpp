// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/hearing.hpp"

#include <algorithm>

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/sealing/malformed.hpp"

namespace oberih::sealing {
namespace {

constexpr std::uint8_t stored_hearing_version = 1;

void write_wall_time(ByteWriter& writer, const std::optional<WallTime>& time) {
  const WallTime shown = time.value_or(WallTime{});
  writer.u8(time ? 1 : 0).u16(static_cast<std::uint16_t>(shown.date.year));
  writer.u8(static_cast<std::uint8_t>(shown.date.month));
  writer.u8(static_cast<std::uint8_t>(shown.date.day));
  writer.u8(static_cast<std::uint8_t>(shown.hour)).u8(static_cast<std::uint8_t>(shown.minute));
}

std::optional<WallTime> read_wall_time(ByteReader& reader) {
  const std::uint8_t is_there = reader.u8();
  if (is_there > 1) reader.fail();
  WallTime time;
  time.date.year = reader.u16();
  time.date.month = reader.u8();
  time.date.day = reader.u8();
  time.hour = reader.u8();
  time.minute = reader.u8();
  if (is_there == 0) return std::nullopt;
  return time;
}

void write_service(ByteWriter& writer, const HearingService& service) {
  writer.u8(service.answer ? static_cast<std::uint8_t>(*service.answer) : 0);
  writer.u64(service.answer_seq);
  writer.u8(service.way ? static_cast<std::uint8_t>(*service.way) : 0);
  writer.u64(service.served_ms).u64(service.served_seq);
  writer.u64(service.told_ms).u64(service.told_seq);
  write_wall_time(writer, service.proposed);
  writer.u64(service.proposed_seq);
}

HearingService read_hearing_service(ByteReader& reader) {
  HearingService service;
  if (const std::uint8_t answer = reader.u8(); answer != 0) {
    if (answer > static_cast<std::uint8_t>(AcknowledgementKind::cannot_attend)) reader.fail();
    service.answer = static_cast<AcknowledgementKind>(answer);
  }
  service.answer_seq = reader.u64();
  if (const std::uint8_t way = reader.u8(); way != 0) {
    service.way = service_way_of(way);
    if (!service.way) reader.fail();
  }
  service.served_ms = reader.u64();
  service.served_seq = reader.u64();
  service.told_ms = reader.u64();
  service.told_seq = reader.u64();
  service.proposed = read_wall_time(reader);
  service.proposed_seq = reader.u64();
  return service;
}

}  // namespace

std::vector<std::uint16_t> unserved_of(const Hearing& hearing) {
  std::vector<std::uint16_t> places;
  for (std::size_t i = 0; i < hearing.services.size(); ++i)
    if (!hearing.services[i].is_served()) places.push_back(static_cast<std::uint16_t>(i));
  return places;
}

Bytes encode_hearing(const Hearing& hearing) {
  ByteWriter writer(256 + 100 * hearing.services.size());
  writer.u8(stored_hearing_version).raw(hearing.id);
  writer.u8(static_cast<std::uint8_t>(hearing.state)).u64(hearing.version);
  HearingFacts facts;  // the notice in the one form in which it is written
  facts.hearing = hearing.id;
  facts.verb = HearingVerb::schedule;
  facts.notice = hearing.notice;
  writer.vec(encode_hearing_facts(facts));
  writer.u64(hearing.entry.channel_seq).raw(hearing.entry.message_hash).u64(hearing.version_ms);
  for (const HearingService& service : hearing.services) write_service(writer, service);
  writer.u8(hearing.reason ? static_cast<std::uint8_t>(*hearing.reason) : 0);
  write_wall_time(writer, hearing.goes_on);
  writer.u64(hearing.changed_seq).u64(hearing.changed_ms);
  writer.u64(hearing.reminded_ms).u64(hearing.alarmed_ms);
  return writer.take();
}

Result<Hearing> parse_hearing(ByteView bytes) {
  constexpr std::size_t notice_bytes_at_most = 64 * 1024;
  ByteReader reader(bytes);
  if (reader.u8() != stored_hearing_version) return malformed("unknown version of a hearing");
  Hearing hearing;
  hearing.id = reader.id<HearingId>();
  const std::optional<HearingState> state = hearing_state_of(reader.u8());
  if (!state) reader.fail();
  hearing.state = state.value_or(first_hearing_state);
  hearing.version = reader.u64();
  const Result<HearingFacts> facts = parse_hearing_facts(reader.vec(notice_bytes_at_most));
  if (!facts || facts->verb != HearingVerb::schedule || facts->hearing != hearing.id)
    return malformed("a stored hearing whose notice is damaged");
  hearing.notice = facts->notice;
  hearing.entry.channel_seq = reader.u64();
  hearing.entry.message_hash = reader.id<Digest>();
  hearing.version_ms = reader.u64();
  for (std::size_t i = 0; i < hearing.notice.addressees.size() && !reader.failed(); ++i)
    hearing.services.push_back(read_hearing_service(reader));
  if (const std::uint8_t reason = reader.u8(); reason != 0) {
    hearing.reason = hearing_reason_of(reason);
    if (!hearing.reason) reader.fail();
  }
  hearing.goes_on = read_wall_time(reader);
  hearing.changed_seq = reader.u64();
  hearing.changed_ms = reader.u64();
  hearing.reminded_ms = reader.u64();
  hearing.alarmed_ms = reader.u64();
  // One form: also what is absent has its place, and stands there as zeros.
  if (!reader.complete() || !std::ranges::equal(encode_hearing(hearing), bytes))
    return malformed("a stored hearing that is damaged");
  return hearing;
}

}  // namespace oberih::sealing
