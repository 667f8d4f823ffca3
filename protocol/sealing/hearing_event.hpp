// SPDX-License-Identifier: Apache-2.0
// What the server says of a hearing by itself: that it is near, and that somebody is not served of
// it although the time for that is up. Leaf bodies of kind 11: both events in the channel's own
// chain, the alert outside of all channels. Bytes: docs/protocol.md, sections 18 to 20.
#pragma once

#include <string_view>
#include <vector>

#include "protocol/sealing/channel_state.hpp"
#include "protocol/sealing/hearing.hpp"
#include "protocol/sealing/server_event.hpp"

namespace oberih::sealing {

// ON DISK: among the events of a channel 1 to 4 are of tasks and of silence.
enum class HearingEventWhat : std::uint8_t {
  reminder = 7,  // so many minutes before the start
  alarm = 8,     // the same, and somebody's service is not proven
};
std::string_view name_of(HearingEventWhat what);

struct HearingEvent {
  HearingEventWhat what{};
  HearingId hearing;
  std::uint64_t version = 0;
  Milliseconds start_ms = 0;            // of that version
  Milliseconds said_for_ms = 0;         // the moment that has come: so many minutes before it
  std::uint32_t minutes = 0;            // never 0
  std::vector<std::uint16_t> unserved;  // alarm: places of addressees, ascending, never empty
  LeafSalt salt;

  bool operator==(const HearingEvent&) const = default;
};

/// Whether the body of a leaf of kind 11 in a channel is such an event, or claims to be.
bool is_hearing_event(ByteView body);
/// REQUIRES: an event that parse_hearing_event would take.
Bytes encode_hearing_event(const HearingEvent& event);
/// Refusal: malformed_object.
Result<HearingEvent> parse_hearing_event(ByteView body);

/// The event of that moment as the hearing stands, without its salt. Of an alarm with who is not
/// served, which may be nobody.
HearingEvent make_hearing_event(const Hearing& hearing, HearingEventWhat what,
                                std::uint32_t minutes);

/// The hearing after the event. `before` may be nullptr: the channel has no such hearing
/// (not_found). Refusals besides: channel_closed; stale_version; transition_unknown where it is not
/// awaited, or an alarm does not name exactly those who are not served; due_in_past where it is of
/// another start, before its moment, behind the start, or was said already. Shared by server,
/// client and check (ADR 9).
Result<Hearing> judge_hearing_event(const HearingPointer& before, const HearingEvent& event,
                                    const ChannelState& state, const Place& place);

/// Leaf body of kind 11 without a channel: for one agency, and one unit where one was called.
struct HearingAlert {
  AgencyId agency;
  UnitId unit;  // that is called; zero: people of the agency, or the court itself
  HearingId hearing;
  std::uint64_t version = 0;
  Milliseconds start_ms = 0;
  Milliseconds said_for_ms = 0;
  std::uint16_t count = 0;  // of its addressees that are not served, of the court's all; never 0
  LeafSalt salt;

  bool operator==(const HearingAlert&) const = default;
};

/// The same of a leaf of kind 11 outside of channels.
bool is_hearing_alert(ByteView body);
/// REQUIRES: an alert that parse_hearing_alert would take.
Bytes encode_hearing_alert(const HearingAlert& alert);
/// Refusal: malformed_object.
Result<HearingAlert> parse_hearing_alert(ByteView body);

/// What the court and the agencies of those who are not served are told of the event, in this order
/// directly behind it; the salts are zero. Nothing is told of a reminder, nor to an agency of which
/// anybody may not be told. REQUIRES: the event was judged against the hearing.
std::vector<HearingAlert> hearing_alerts_of(const Hearing& hearing, const HearingEvent& event);

}  // namespace oberih::sealing
