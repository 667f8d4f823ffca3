// SPDX-License-Identifier: Apache-2.0
#include "server/domain/seating_policy.hpp"

#include <gtest/gtest.h>

#include "server/domain/word_lists.hpp"

namespace oberih::domain {
namespace {

std::vector<SeatingRule> whole_table() {
  std::vector<SeatingRule> rules;
  for (ChannelKind channel_kind : all_channel_kinds)
    for (AgencyKind agency_kind : all_agency_kinds)
      rules.push_back({channel_kind, agency_kind, agency_kind != AgencyKind::court, "why"});
  return rules;
}

TEST(SeatingPolicy, seats_nobody_while_it_is_empty) {
  EXPECT_FALSE(SeatingPolicy().may_sit(ChannelKind::ordinary, AgencyKind::police));
}

TEST(SeatingPolicy, answers_with_the_rule_of_the_pair) {
  const auto made = SeatingPolicy::make(whole_table());
  const auto& policy = std::get<SeatingPolicy>(made);
  EXPECT_TRUE(policy.may_sit(ChannelKind::case_, AgencyKind::police));
  EXPECT_FALSE(policy.may_sit(ChannelKind::case_, AgencyKind::court));
  EXPECT_EQ(policy.find(ChannelKind::case_, AgencyKind::court)->reason, "why");
}

TEST(SeatingPolicy, names_the_pair_that_has_no_rule) {
  auto rules = whole_table();
  rules.erase(rules.begin());
  const auto made = SeatingPolicy::make(rules);
  EXPECT_EQ(std::get<std::string>(made), "no rule says whether 'police' may sit in 'ordinary'");
}

TEST(SeatingPolicy, names_the_pair_that_stands_twice) {
  auto rules = whole_table();
  rules.push_back(rules.back());
  const auto made = SeatingPolicy::make(rules);
  EXPECT_EQ(std::get<std::string>(made), "two rules seat 'oversight' in 'announcement'");
}

}  // namespace
}  // namespace oberih::domain
