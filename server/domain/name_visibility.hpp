// SPDX-License-Identifier: Apache-2.0
// Whose name cards are shown to whom. One's own agency always sees them; the rest is a row for each
// kind of agency. Names lie beside the journal, so this rule can be made stricter at any time.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "protocol/base/vocabulary.hpp"
#include "server/domain/caller.hpp"

namespace oberih::domain {

enum class NameAudience {
  all_agencies,    // every certified device
  shared_rosters,  // devices that sit in a channel with the bearer of the name
};
std::string_view name_of(NameAudience audience);
std::optional<NameAudience> find_name_audience(std::string_view name);

class NameVisibility {
 public:
  NameVisibility() = default;  // shows names inside the own agency alone
  /// The policy, or a sentence that says which kind of agency is missing or stands twice.
  static std::variant<NameVisibility, std::string> make(
      const std::vector<std::pair<AgencyKind, NameAudience>>& rows);

  bool is_visible(const Caller& caller, const AgencyId& agency, AgencyKind agency_kind,
                  bool shares_a_roster) const;

 private:
  std::map<AgencyKind, NameAudience> audiences_;
};

}  // namespace oberih::domain
