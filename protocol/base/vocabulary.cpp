// SPDX-License-Identifier: Apache-2.0
#include "protocol/base/vocabulary.hpp"

#include <array>
#include <utility>

namespace oberih {
namespace {

template <class Enum>
using Word = std::pair<Enum, std::string_view>;

constexpr std::array<Word<AgencyKind>, 14> agency_kinds = {{
    {AgencyKind::police, "police"},
    {AgencyKind::border_guard, "border_guard"},
    {AgencyKind::security_service, "security_service"},
    {AgencyKind::prosecution, "prosecution"},
    {AgencyKind::court, "court"},
    {AgencyKind::legal_aid, "legal_aid"},
    {AgencyKind::detention, "detention"},
    {AgencyKind::social_service, "social_service"},
    {AgencyKind::labour_inspectorate, "labour_inspectorate"},
    {AgencyKind::ngo, "ngo"},
    {AgencyKind::coordination_centre, "coordination_centre"},
    {AgencyKind::working_group, "working_group"},
    {AgencyKind::international, "international"},
    {AgencyKind::oversight, "oversight"},
}};

constexpr std::array<Word<Role>, 11> roles = {{
    {Role::investigator, "investigator"},
    {Role::prosecutor, "prosecutor"},
    {Role::court_clerk, "court_clerk"},
    {Role::judge, "judge"},
    {Role::caseworker, "caseworker"},
    {Role::defence_counsel, "defence_counsel"},
    {Role::coordinator, "coordinator"},
    {Role::liaison, "liaison"},
    {Role::supervisor, "supervisor"},
    {Role::agency_admin, "agency_admin"},
    {Role::auditor, "auditor"},
}};

constexpr std::array<Word<ChannelKind>, 5> channel_kinds = {{
    {ChannelKind::ordinary, "ordinary"},
    {ChannelKind::case_, "case"},
    {ChannelKind::working_group, "working_group"},
    {ChannelKind::hearing, "hearing"},
    {ChannelKind::announcement, "announcement"},
}};

constexpr std::array<Word<RosterRole>, 3> roster_roles = {{
    {RosterRole::member, "member"},
    {RosterRole::read_only, "read_only"},
    {RosterRole::admin, "admin"},
}};

constexpr std::array<Word<History>, 2> histories = {{
    {History::full, "full"},
    {History::from_joining, "from_joining"},
}};

constexpr std::array<Word<EntryType>, 7> entry_types = {{
    {EntryType::message, "message"},
    {EntryType::task, "task"},
    {EntryType::hearing, "hearing"},
    {EntryType::acknowledgement, "acknowledgement"},
    {EntryType::leave, "leave"},
    {EntryType::wrap_unusable, "wrap_unusable"},
    {EntryType::consent, "consent"},
}};

constexpr std::array<Word<EvidenceStep>, 3> evidence_steps = {{
    {EvidenceStep::delivered, "delivered"},
    {EvidenceStep::opened, "opened"},
    {EvidenceStep::acknowledged, "acknowledged"},
}};

template <class Table, class Enum>
std::string_view word_of(const Table& table, Enum value) {
  for (const auto& [key, word] : table)
    if (key == value) return word;
  return {};
}

template <class Table>
auto find_word(const Table& table, std::string_view word)
    -> std::optional<typename Table::value_type::first_type> {
  for (const auto& [key, name] : table)
    if (name == word) return key;
  return std::nullopt;
}

template <class Table>
auto find_number(const Table& table, std::uint8_t number)
    -> std::optional<typename Table::value_type::first_type> {
  for (const auto& [key, name] : table)
    if (static_cast<std::uint8_t>(key) == number) return key;
  return std::nullopt;
}

// Which agency kinds have people of a role. Roles that are not here exist in agencies of any kind.
constexpr std::pair<Role, AgencyKind> role_seats[] = {
    {Role::judge, AgencyKind::court},
    {Role::court_clerk, AgencyKind::court},
    {Role::prosecutor, AgencyKind::prosecution},
    {Role::investigator, AgencyKind::police},
    {Role::investigator, AgencyKind::border_guard},
    {Role::investigator, AgencyKind::security_service},
    {Role::investigator, AgencyKind::labour_inspectorate},
    {Role::caseworker, AgencyKind::ngo},
    {Role::caseworker, AgencyKind::social_service},
    {Role::caseworker, AgencyKind::coordination_centre},
    {Role::caseworker, AgencyKind::international},
    {Role::caseworker, AgencyKind::legal_aid},
    {Role::defence_counsel, AgencyKind::legal_aid},
    {Role::coordinator, AgencyKind::working_group},
    {Role::coordinator, AgencyKind::coordination_centre},
    {Role::auditor, AgencyKind::oversight},
};

}  // namespace

std::string_view name_of(AgencyKind kind) { return word_of(agency_kinds, kind); }
std::string_view name_of(Role role) { return word_of(roles, role); }
std::string_view name_of(ChannelKind kind) { return word_of(channel_kinds, kind); }
std::string_view name_of(RosterRole role) { return word_of(roster_roles, role); }
std::string_view name_of(History history) { return word_of(histories, history); }
std::string_view name_of(EntryType type) { return word_of(entry_types, type); }
std::string_view name_of(EvidenceStep step) { return word_of(evidence_steps, step); }

std::optional<AgencyKind> find_agency_kind(std::string_view name) {
  return find_word(agency_kinds, name);
}
std::optional<Role> find_role(std::string_view name) { return find_word(roles, name); }
std::optional<ChannelKind> find_channel_kind(std::string_view name) {
  return find_word(channel_kinds, name);
}
std::optional<RosterRole> find_roster_role(std::string_view name) {
  return find_word(roster_roles, name);
}
std::optional<History> find_history(std::string_view name) { return find_word(histories, name); }

std::optional<ChannelKind> channel_kind_of(std::uint8_t number) {
  return find_number(channel_kinds, number);
}
std::optional<RosterRole> roster_role_of(std::uint8_t number) {
  return find_number(roster_roles, number);
}
std::optional<History> history_of(std::uint8_t number) { return find_number(histories, number); }
std::optional<EntryType> entry_type_of(std::uint8_t number) {
  return find_number(entry_types, number);
}
std::optional<EvidenceStep> evidence_step_of(std::uint8_t number) {
  return find_number(evidence_steps, number);
}

bool may_certify(AgencyKind kind, Role role) {
  bool has_row = false;
  for (const auto& [seated_role, seated_kind] : role_seats) {
    if (seated_role != role) continue;
    if (seated_kind == kind) return true;
    has_row = true;
  }
  return !has_row;
}

}  // namespace oberih
