// SPDX-License-Identifier: Apache-2.0
// The closed word lists of hearings besides states and verbs: how a notice was served, why a
// hearing was cancelled or adjourned.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace oberih::sealing {

// ON DISK: the numbers of this file are signed and stored.

/// Lawful ways besides the addressee's own acknowledgement. The article and the proof of each stand
/// in policies/service_ways.json.
enum class ServiceWay : std::uint8_t {
  signature = 1,  // handed over on paper, against a signature
  post = 2,
  family = 3,  // handed to an adult of the family
  workplace = 4,
  detention_administration = 5,
  guardian = 6,
  publication = 7,
};

enum class HearingReason : std::uint8_t {
  no_service = 1,         // it is not proven that somebody was served
  party_absent = 2,       // served, and did not come
  witness_absent = 3,     // the same of a witness
  interpreter = 4,        // none, or a wrong one
  new_evidence = 5,       // time to read it
  court_unavailable = 6,  // judge ill, panel incomplete, room
  danger = 7,             // shelling, air alarm, no power
  request_of_party = 8,
  other = 9,  // said in the sealed text
};

struct ServiceWayRow {
  ServiceWay way;
  std::string_view name;
};
inline constexpr std::array<ServiceWayRow, 7> service_ways = {{
    {ServiceWay::signature, "signature"},
    {ServiceWay::post, "post"},
    {ServiceWay::family, "family"},
    {ServiceWay::workplace, "workplace"},
    {ServiceWay::detention_administration, "detention_administration"},
    {ServiceWay::guardian, "guardian"},
    {ServiceWay::publication, "publication"},
}};

struct HearingReasonRow {
  HearingReason reason;
  std::string_view name;
};
inline constexpr std::array<HearingReasonRow, 9> hearing_reasons = {{
    {HearingReason::no_service, "no_service"},
    {HearingReason::party_absent, "party_absent"},
    {HearingReason::witness_absent, "witness_absent"},
    {HearingReason::interpreter, "interpreter"},
    {HearingReason::new_evidence, "new_evidence"},
    {HearingReason::court_unavailable, "court_unavailable"},
    {HearingReason::danger, "danger"},
    {HearingReason::request_of_party, "request_of_party"},
    {HearingReason::other, "other"},
}};

std::string_view name_of(ServiceWay way);
std::string_view name_of(HearingReason reason);
std::optional<ServiceWay> find_service_way(std::string_view name);
std::optional<HearingReason> find_hearing_reason(std::string_view name);
std::optional<ServiceWay> service_way_of(std::uint8_t number);
std::optional<HearingReason> hearing_reason_of(std::uint8_t number);

}  // namespace oberih::sealing
