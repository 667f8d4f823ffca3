// SPDX-License-Identifier: Apache-2.0
// The closed word lists of the glossary: agency kinds, roles, kinds of channel. A word here is the
// word on the wire, in SQL, in policies and in the command line.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace oberih {

enum class AgencyKind {
  police,
  border_guard,
  security_service,
  prosecution,
  court,
  legal_aid,
  detention,
  social_service,
  labour_inspectorate,
  ngo,
  coordination_centre,
  working_group,
  international,
  oversight,
};

enum class Role {
  investigator,
  prosecutor,
  court_clerk,
  judge,
  caseworker,
  defence_counsel,
  coordinator,
  liaison,
  supervisor,
  agency_admin,
  auditor,
};

// ON DISK: the numbers below are signed and stored.
enum class ChannelKind : std::uint8_t {
  ordinary = 1,
  case_ = 2,
  working_group = 3,
  hearing = 4,
  announcement = 5
};
enum class RosterRole : std::uint8_t { member = 1, read_only = 2, admin = 4 };
enum class History : std::uint8_t { full = 1, from_joining = 2 };
enum class EntryType : std::uint8_t {
  message = 1,
  task = 2,
  hearing = 3,
  acknowledgement = 4,
  leave = 6,
  wrap_unusable = 7,
  consent = 8,
};

/// What a person does with an entry, one behind the other: the evidence ladder.
enum class EvidenceStep : std::uint8_t { delivered = 1, opened = 2, acknowledged = 3 };
inline constexpr EvidenceStep all_evidence_steps[] = {EvidenceStep::delivered, EvidenceStep::opened,
                                                      EvidenceStep::acknowledged};

std::string_view name_of(AgencyKind kind);
std::string_view name_of(Role role);
std::string_view name_of(ChannelKind kind);
std::string_view name_of(RosterRole role);
std::string_view name_of(History history);
std::string_view name_of(EntryType type);
std::string_view name_of(EvidenceStep step);

std::optional<AgencyKind> find_agency_kind(std::string_view name);
std::optional<Role> find_role(std::string_view name);
std::optional<ChannelKind> find_channel_kind(std::string_view name);
std::optional<RosterRole> find_roster_role(std::string_view name);
std::optional<History> find_history(std::string_view name);

std::optional<ChannelKind> channel_kind_of(std::uint8_t number);
std::optional<RosterRole> roster_role_of(std::uint8_t number);
std::optional<History> history_of(std::uint8_t number);
std::optional<EntryType> entry_type_of(std::uint8_t number);
std::optional<EvidenceStep> evidence_step_of(std::uint8_t number);

/// Whether an agency of this kind may certify people of this role (design 3.1: "Roles only as the
/// agency's kind allows").
bool may_certify(AgencyKind kind, Role role);

/// Administrators certify and auditors audit: neither reads content, so neither sits in a roster.
inline bool may_sit_in_roster(Role role) {
  return role != Role::agency_admin && role != Role::auditor;
}

}  // namespace oberih
