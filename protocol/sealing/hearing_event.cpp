// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/hearing_event.hpp"

#include <algorithm>
#include <functional>
#include <map>

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/sealing/malformed.hpp"
#include "protocol/sealing/task_facts.hpp"

namespace oberih::sealing {
namespace {

constexpr std::uint8_t hearing_event_version = 1, what_hearing_alert = 9;  // ON DISK

bool is_of_what(ByteView body, std::uint8_t what) {
  return body.size() > 1 && body[0] == hearing_event_version && body[1] == what;
}

std::optional<HearingEventWhat> hearing_event_of(std::uint8_t number) {
  for (const HearingEventWhat what : {HearingEventWhat::reminder, HearingEventWhat::alarm})
    if (static_cast<std::uint8_t>(what) == number) return what;
  return std::nullopt;
}

void read_unserved(ByteReader& reader, HearingEvent& event) {
  const std::uint16_t count = reader.u16();
  if (count == 0 || count > hearing_addressees_at_most) return reader.fail();
  for (std::uint16_t i = 0; i < count; ++i) event.unserved.push_back(reader.u16());
  if (event.unserved.back() >= hearing_addressees_at_most ||
      std::adjacent_find(event.unserved.begin(), event.unserved.end(), std::greater_equal<>()) !=
          event.unserved.end())
    reader.fail();
}

bool is_before(Milliseconds said_for_ms, Milliseconds start_ms) {
  return said_for_ms != 0 && said_for_ms < start_ms && start_ms <= latest_due_ms;
}

Refusal not_of_that(const char* why) { return refuse(RefusalCode::transition_unknown, why); }
Refusal not_at_that(const char* why) { return refuse(RefusalCode::due_in_past, why); }

}  // namespace

std::string_view name_of(HearingEventWhat what) {
  switch (what) {
    case HearingEventWhat::reminder:
      return "hearing_reminder";
    case HearingEventWhat::alarm:
      return "hearing_alarm";
  }
  return {};
}

bool is_hearing_event(ByteView body) {
  return is_of_what(body, static_cast<std::uint8_t>(HearingEventWhat::reminder)) ||
         is_of_what(body, static_cast<std::uint8_t>(HearingEventWhat::alarm));
}

bool is_hearing_alert(ByteView body) { return is_of_what(body, what_hearing_alert); }

Bytes encode_hearing_event(const HearingEvent& event) {
  ByteWriter writer(96 + 2 * event.unserved.size());
  writer.u8(hearing_event_version).u8(static_cast<std::uint8_t>(event.what)).raw(event.hearing);
  writer.u64(event.version).u64(event.start_ms).u64(event.said_for_ms).u32(event.minutes);
  if (event.what == HearingEventWhat::alarm) {
    writer.u16(static_cast<std::uint16_t>(event.unserved.size()));
    for (const std::uint16_t place : event.unserved) writer.u16(place);
  }
  return writer.raw(event.salt).take();
}

Result<HearingEvent> parse_hearing_event(ByteView body) {
  ByteReader reader(body);
  if (reader.u8() != hearing_event_version) return malformed("unknown version of a server event");
  const std::optional<HearingEventWhat> what = hearing_event_of(reader.u8());
  if (!what) return malformed("a server event of another kind");
  HearingEvent event;
  event.what = *what;
  event.hearing = reader.id<HearingId>();
  event.version = reader.u64();
  event.start_ms = reader.u64();
  event.said_for_ms = reader.u64();
  event.minutes = reader.u32();
  if (event.what == HearingEventWhat::alarm) read_unserved(reader, event);
  event.salt = reader.id<LeafSalt>();
  if (!reader.complete()) return malformed("a server event of a hearing that is not well formed");
  if (event.version == 0) return malformed("a server event about no version of a hearing");
  if (event.minutes == 0 || !is_before(event.said_for_ms, event.start_ms) ||
      event.start_ms - event.said_for_ms != ms_of_minutes(event.minutes))
    return malformed("a server event of another moment than its own");
  return event;
}

HearingEvent make_hearing_event(const Hearing& hearing, HearingEventWhat what,
                                std::uint32_t minutes) {
  HearingEvent event;
  event.what = what;
  event.hearing = hearing.id;
  event.version = hearing.version;
  event.start_ms = moment_of(hearing.notice.start);
  event.said_for_ms = event.start_ms - ms_of_minutes(minutes);
  event.minutes = minutes;
  if (what == HearingEventWhat::alarm) event.unserved = unserved_of(hearing);
  return event;
}

Result<Hearing> judge_hearing_event(const HearingPointer& before, const HearingEvent& event,
                                    const ChannelState& state, const Place& place) {
  if (!before) return refuse(RefusalCode::not_found, "there is no such hearing in this channel");
  if (state.is_closed()) return refuse(RefusalCode::channel_closed);
  if (event.version != before->version)
    return refuse(RefusalCode::stale_version, "an event of a version that was replaced");
  if (before->state != HearingState::scheduled)
    return not_of_that("an event about a hearing that nobody awaits");
  if (event.start_ms != moment_of(before->notice.start))
    return not_at_that("an event of another start");
  if (event.said_for_ms > place.server_ms) return not_at_that("an event before its moment");
  if (event.start_ms <= place.server_ms) return not_at_that("an event behind the start");
  Hearing hearing = *before;
  const bool is_alarm = event.what == HearingEventWhat::alarm;
  Milliseconds& said_ms = is_alarm ? hearing.alarmed_ms : hearing.reminded_ms;
  if (event.said_for_ms <= said_ms) return not_at_that("an event that was said already");
  if (is_alarm && event.unserved != unserved_of(*before))
    return not_of_that("an alarm that does not name those who are not served");
  said_ms = event.said_for_ms;
  return hearing;
}

Bytes encode_hearing_alert(const HearingAlert& alert) {
  ByteWriter writer(128);
  writer.u8(hearing_event_version).u8(what_hearing_alert).raw(alert.agency).raw(alert.unit);
  writer.raw(alert.hearing).u64(alert.version).u64(alert.start_ms).u64(alert.said_for_ms);
  return writer.u16(alert.count).raw(alert.salt).take();
}

Result<HearingAlert> parse_hearing_alert(ByteView body) {
  ByteReader reader(body);
  if (reader.u8() != hearing_event_version) return malformed("unknown version of an alert");
  if (reader.u8() != what_hearing_alert) return malformed("an alert of another kind");
  HearingAlert alert;
  alert.agency = reader.id<AgencyId>();
  alert.unit = reader.id<UnitId>();
  alert.hearing = reader.id<HearingId>();
  alert.version = reader.u64();
  alert.start_ms = reader.u64();
  alert.said_for_ms = reader.u64();
  alert.count = reader.u16();
  alert.salt = reader.id<LeafSalt>();
  if (!reader.complete()) return malformed("an alert of wrong length");
  if (alert.agency.is_zero()) return malformed("an alert for no agency");
  if (alert.version == 0) return malformed("an alert about no version of a hearing");
  if (!is_before(alert.said_for_ms, alert.start_ms))
    return malformed("an alert of another moment than its own");
  if (alert.count == 0 || alert.count > hearing_addressees_at_most)
    return malformed("an alert about nobody, or more than a hearing calls");
  return alert;
}

std::vector<HearingAlert> hearing_alerts_of(const Hearing& hearing, const HearingEvent& event) {
  if (event.what != HearingEventWhat::alarm) return {};
  const HearingNotice& notice = hearing.notice;
  const auto may_be_told = [&](const AgencyId& agency) {
    return std::none_of(notice.may_not_be_told.begin(), notice.may_not_be_told.end(),
                        [&](const HearingExclusion& each) { return each.agency == agency; });
  };
  std::map<std::pair<AgencyId, UnitId>, std::uint16_t> told;
  for (const std::uint16_t place : event.unserved) {
    const HearingAddressee& addressee = notice.addressees.at(place);
    if (!addressee.has_account() || !may_be_told(addressee.agency)) continue;
    const bool is_unit = addressee.kind == AddresseeKind::unit;
    told[{addressee.agency, is_unit ? addressee.unit() : UnitId{}}] += 1;
  }
  // The court has to find another way of service for every one of them.
  told[{notice.court, {}}] = static_cast<std::uint16_t>(event.unserved.size());
  std::vector<HearingAlert> alerts;
  for (const auto& [whom, count] : told)
    alerts.push_back({whom.first,
                      whom.second,
                      event.hearing,
                      event.version,
                      event.start_ms,
                      event.said_for_ms,
                      count,
                      {}});
  return alerts;
}

}  // namespace oberih::sealing
