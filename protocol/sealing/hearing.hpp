// SPDX-License-Identifier: Apache-2.0
// A hearing: what its entries so far add up to, and of each addressee how the newest version was
// answered and served. Whether an entry may come next is hearing_rules' business.
#pragma once

#include <memory>

#include "protocol/sealing/entry_facts.hpp"
#include "protocol/sealing/hearing_facts.hpp"

namespace oberih::sealing {

/// Of one addressee and the newest version alone: whoever answered the one before answers again.
struct HearingService {
  std::optional<AcknowledgementKind> answer{};  // the addressee's own, the newest
  std::uint64_t answer_seq = 0;
  std::optional<ServiceWay> way{};  // as an officer states
  Milliseconds served_ms = 0;
  std::uint64_t served_seq = 0;
  Milliseconds told_ms = 0;  // as the Coordination Centre confirms; 0: not yet
  std::uint64_t told_seq = 0;
  std::optional<WallTime> proposed{};  // the date that the addressee proposes, the newest
  std::uint64_t proposed_seq = 0;

  /// Proven by the addressee's own signature, or by an officer's.
  bool is_served() const { return answer.has_value() || way.has_value(); }
  bool operator==(const HearingService&) const = default;
};

struct Hearing {
  HearingId id;
  HearingState state = first_hearing_state;
  std::uint64_t version = 1;  // rises with schedule, reschedule and cancel
  HearingNotice notice;       // of the newest schedule or reschedule
  // The entry that made the newest version: what an acknowledgement names.
  EntryReference entry;
  Milliseconds version_ms = 0;
  std::vector<HearingService> services;   // one for each addressee
  std::optional<HearingReason> reason{};  // of the newest cancel, recess or adjournment
  std::optional<WallTime> goes_on{};      // after a recess or an adjournment, where a date is known
  std::uint64_t changed_seq = 0;          // of the newest entry about it
  Milliseconds changed_ms = 0;
  // The newest moments of this version for which the server reminded, and raised the alarm.
  Milliseconds reminded_ms = 0;
  Milliseconds alarmed_ms = 0;

  bool operator==(const Hearing&) const = default;
};
using HearingPointer = std::shared_ptr<const Hearing>;

/// Neither closed nor cancelled: there is still something to be told of.
constexpr bool is_open(HearingState state) {
  return state != HearingState::closed && state != HearingState::cancelled;
}
/// Places of the addressees of whom service is not proven, ascending.
std::vector<std::uint16_t> unserved_of(const Hearing& hearing);

/// For a store of one's own (not a wire format; versioned).
Bytes encode_hearing(const Hearing& hearing);
/// Refusal: malformed_object.
Result<Hearing> parse_hearing(ByteView bytes);

}  // namespace oberih::sealing
