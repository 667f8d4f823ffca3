// SPDX-License-Identifier: Apache-2.0
#include "server/domain/name_visibility.hpp"

#include "server/domain/word_lists.hpp"

namespace oberih::domain {

std::string_view name_of(NameAudience audience) {
  switch (audience) {
    case NameAudience::all_agencies:
      return "all_agencies";
    case NameAudience::shared_rosters:
      return "shared_rosters";
  }
  return {};
}

std::optional<NameAudience> find_name_audience(std::string_view name) {
  for (NameAudience audience : {NameAudience::all_agencies, NameAudience::shared_rosters})
    if (name_of(audience) == name) return audience;
  return std::nullopt;
}

std::variant<NameVisibility, std::string> NameVisibility::make(
    const std::vector<std::pair<AgencyKind, NameAudience>>& rows) {
  NameVisibility policy;
  for (const auto& [kind, audience] : rows)
    if (!policy.audiences_.emplace(kind, audience).second)
      return "'" + std::string(oberih::name_of(kind)) + "' stands twice";
  for (AgencyKind kind : all_agency_kinds)
    if (!policy.audiences_.contains(kind))
      return "'" + std::string(oberih::name_of(kind)) + "' has no rule";
  return policy;
}

bool NameVisibility::is_visible(const Caller& caller, const AgencyId& agency,
                                AgencyKind agency_kind, bool shares_a_roster) const {
  if (agency == caller.agency) return true;
  auto found = audiences_.find(agency_kind);
  if (found == audiences_.end()) return false;
  switch (found->second) {
    case NameAudience::all_agencies:
      return true;
    case NameAudience::shared_rosters:
      return shares_a_roster;
  }
  return false;
}

}  // namespace oberih::domain
