// SPDX-License-Identifier: Apache-2.0
#include "server/domain/name_visibility.hpp"

#include <gtest/gtest.h>

#include "server/domain/word_lists.hpp"

namespace oberih::domain {
namespace {

using Rows = std::vector<std::pair<AgencyKind, NameAudience>>;

Rows helpers_hidden() {
  Rows rows;
  for (AgencyKind kind : all_agency_kinds)
    rows.emplace_back(
        kind, kind == AgencyKind::ngo ? NameAudience::shared_rosters : NameAudience::all_agencies);
  return rows;
}

TEST(NameVisibility, shows_names_inside_the_own_agency_always) {
  Caller caller;
  caller.agency.bytes[0] = 7;
  EXPECT_TRUE(NameVisibility().is_visible(caller, caller.agency, AgencyKind::ngo, false));
  EXPECT_FALSE(NameVisibility().is_visible(caller, AgencyId{}, AgencyKind::police, true));
}

TEST(NameVisibility, shows_helpers_only_to_those_who_share_a_roster) {
  const auto made = NameVisibility::make(helpers_hidden());
  const auto& policy = std::get<NameVisibility>(made);
  Caller caller;
  caller.agency.bytes[0] = 7;
  EXPECT_TRUE(policy.is_visible(caller, AgencyId{}, AgencyKind::police, false));
  EXPECT_FALSE(policy.is_visible(caller, AgencyId{}, AgencyKind::ngo, false));
  EXPECT_TRUE(policy.is_visible(caller, AgencyId{}, AgencyKind::ngo, true));
}

TEST(NameVisibility, wants_every_kind_of_agency_once) {
  Rows rows = helpers_hidden();
  rows.pop_back();
  EXPECT_EQ(std::get<std::string>(NameVisibility::make(rows)), "'oversight' has no rule");
  rows = helpers_hidden();
  rows.push_back(rows.front());
  EXPECT_EQ(std::get<std::string>(NameVisibility::make(rows)), "'police' stands twice");
}

}  // namespace
}  // namespace oberih::domain
