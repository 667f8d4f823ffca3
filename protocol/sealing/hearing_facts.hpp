// SPDX-License-Identifier: Apache-2.0
// The clear, signed part of a hearing entry (type 3): what the server judges by. Who is called, to
// what and why is sealed; an addressee without an account is a random number here.
// Bytes: docs/protocol.md, section 20.
#pragma once

#include <vector>

#include "protocol/base/kyiv_clock.hpp"
#include "protocol/base/result.hpp"
#include "protocol/sealing/hearing_transitions.hpp"
#include "protocol/sealing/hearing_words.hpp"
#include "protocol/sealing/task_party.hpp"

namespace oberih::sealing {

using RoomId = FixedBytes<struct RoomTag, 16>;  // of the court's own list

inline constexpr std::size_t hearing_addressees_at_most = 500;
inline constexpr std::size_t hearing_exclusions_at_most = 32;
inline constexpr std::uint16_t hearing_minutes_at_most = 12 * 60;

// ON DISK
enum class AddresseeKind : std::uint8_t { unit = 1, person = 2, no_account = 3 };

struct HearingAddressee {
  AddresseeKind kind = AddresseeKind::person;
  AgencyId agency;     // zero without an account
  ByteArray<16> id{};  // of the unit or person; random without an account

  bool has_account() const { return kind != AddresseeKind::no_account; }
  UnitId unit() const { return {id}; }
  PersonId person() const { return {id}; }
  auto operator<=>(const HearingAddressee&) const = default;
};

/// Who may not be told: an agency, or one unit of it.
struct HearingExclusion {
  AgencyId agency;
  UnitId unit;  // zero: all of the agency
  auto operator<=>(const HearingExclusion&) const = default;
};

/// What a version of a hearing says.
struct HearingNotice {
  ProceedingId proceeding;
  AgencyId court;
  WallTime start;                            // in Kyiv: what the court has written, and the truth
  std::uint16_t minutes = 0;                 // how long it is to last, 1 to 720
  RoomId room;                               // zero: none is named
  Milliseconds answer_by_ms = 0;             // until when acknowledgements are awaited
  std::uint8_t testimony_ordinal = 0;        // how often the witness has testified; 0: no testimony
  std::vector<HearingAddressee> addressees;  // 1 to 500, ascending
  std::vector<std::uint16_t> through_centre;      // places in addressees, ascending
  std::vector<HearingExclusion> may_not_be_told;  // at most 32, ascending

  bool goes_through_centre(std::size_t addressee) const;
  bool operator==(const HearingNotice&) const = default;
};

/// INVARIANT: a field is zero or empty where its comment does not name the verb.
struct HearingFacts {
  std::uint8_t handling = 0;  // the common bytes, as in every entry
  std::uint8_t priority = 0;
  std::uint8_t asks_for = 0;
  HearingId hearing;
  HearingVerb verb{};
  std::uint64_t expected_version = 0;  // of the hearing as its author knows it; 0: schedule
  PersonId acting_for;                 // whom the author stands in for; zero: oneself

  HearingNotice notice;                   // schedule, reschedule
  std::uint16_t addressee = 0;            // propose_date, record_service, confirm_told
  std::optional<WallTime> date{};         // propose_date; record_recess, record_adjournment: may be
  ServiceWay way{};                       // record_service
  Milliseconds done_ms = 0;               // record_service, confirm_told: when it was done
  std::optional<HearingReason> reason{};  // cancel, record_recess, record_adjournment
};

Bytes encode_hearing_facts(const HearingFacts& facts);
/// Refusal: malformed_object. Times that no clock shows are well formed: the rules refuse them.
Result<HearingFacts> parse_hearing_facts(ByteView bytes);

}  // namespace oberih::sealing
