// SPDX-License-Identifier: Apache-2.0
#include "server/domain/seating_policy.hpp"

#include "server/domain/word_lists.hpp"

namespace oberih::domain {

std::variant<SeatingPolicy, std::string> SeatingPolicy::make(std::vector<SeatingRule> rules) {
  SeatingPolicy policy;
  for (SeatingRule& rule : rules) {
    const auto pair = std::pair(rule.channel_kind, rule.agency_kind);
    if (!policy.rules_.emplace(pair, std::move(rule)).second)
      return "two rules seat '" + std::string(name_of(pair.second)) + "' in '" +
             std::string(name_of(pair.first)) + "'";
  }
  for (ChannelKind channel_kind : all_channel_kinds)
    for (AgencyKind agency_kind : all_agency_kinds)
      if (policy.find(channel_kind, agency_kind) == nullptr)
        return "no rule says whether '" + std::string(name_of(agency_kind)) + "' may sit in '" +
               std::string(name_of(channel_kind)) + "'";
  return policy;
}

const SeatingRule* SeatingPolicy::find(ChannelKind channel_kind, AgencyKind agency_kind) const {
  auto found = rules_.find({channel_kind, agency_kind});
  return found == rules_.end() ? nullptr : &found->second;
}

}  // namespace oberih::domain
