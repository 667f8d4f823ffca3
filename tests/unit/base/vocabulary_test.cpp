// SPDX-License-Identifier: Apache-2.0
#include "protocol/base/vocabulary.hpp"

#include <gtest/gtest.h>

#include <set>

namespace oberih {
namespace {

// The table of the design, 3.1: which agency kinds have people of a role.
std::set<AgencyKind> kinds_with(Role role) {
  std::set<AgencyKind> kinds;
  for (int kind = 0; kind <= static_cast<int>(AgencyKind::oversight); ++kind)
    if (may_certify(static_cast<AgencyKind>(kind), role))
      kinds.insert(static_cast<AgencyKind>(kind));
  return kinds;
}

TEST(Vocabulary, steps_of_the_evidence_ladder_have_numbers_and_names) {
  for (const EvidenceStep step : all_evidence_steps)
    EXPECT_EQ(evidence_step_of(static_cast<std::uint8_t>(step)), step);
  EXPECT_FALSE(evidence_step_of(0));
  EXPECT_FALSE(evidence_step_of(4));
  EXPECT_EQ(name_of(EvidenceStep::acknowledged), "acknowledged");
}

}  // namespace

TEST(Vocabulary, every_word_is_found_by_its_name) {
  for (int i = 0; i <= static_cast<int>(AgencyKind::oversight); ++i) {
    auto kind = static_cast<AgencyKind>(i);
    EXPECT_FALSE(name_of(kind).empty()) << i;
    EXPECT_EQ(find_agency_kind(name_of(kind)), kind);
  }
  for (int i = 0; i <= static_cast<int>(Role::auditor); ++i) {
    auto role = static_cast<Role>(i);
    EXPECT_FALSE(name_of(role).empty()) << i;
    EXPECT_EQ(find_role(name_of(role)), role);
  }
  EXPECT_EQ(find_channel_kind("case"), ChannelKind::case_);
  EXPECT_EQ(find_roster_role("read_only"), RosterRole::read_only);
  EXPECT_EQ(find_history("from_joining"), History::from_joining);
}

TEST(Vocabulary, unknown_words_and_numbers_are_nothing) {
  for (std::string_view word : {"", "Police", "police ", "unknown"}) {
    EXPECT_FALSE(find_agency_kind(word));
    EXPECT_FALSE(find_role(word));
    EXPECT_FALSE(find_channel_kind(word));
    EXPECT_FALSE(find_roster_role(word));
    EXPECT_FALSE(find_history(word));
  }
  for (int number = 0; number < 256; ++number) {
    auto byte = static_cast<std::uint8_t>(number);
    EXPECT_EQ(channel_kind_of(byte).has_value(), number >= 1 && number <= 5) << number;
    EXPECT_EQ(roster_role_of(byte).has_value(), number == 1 || number == 2 || number == 4);
    EXPECT_EQ(history_of(byte).has_value(), number == 1 || number == 2);
    EXPECT_EQ(entry_type_of(byte).has_value(), number >= 1 && number <= 8 && number != 5);
  }
}

TEST(Vocabulary, agencies_have_only_the_people_of_their_kind) {
  using K = AgencyKind;
  EXPECT_EQ(kinds_with(Role::judge), (std::set{K::court}));
  EXPECT_EQ(kinds_with(Role::court_clerk), (std::set{K::court}));
  EXPECT_EQ(kinds_with(Role::prosecutor), (std::set{K::prosecution}));
  EXPECT_EQ(kinds_with(Role::investigator),
            (std::set{K::police, K::border_guard, K::security_service, K::labour_inspectorate}));
  EXPECT_EQ(kinds_with(Role::caseworker),
            (std::set{K::ngo, K::social_service, K::coordination_centre, K::international,
                      K::legal_aid}));
  EXPECT_EQ(kinds_with(Role::defence_counsel), (std::set{K::legal_aid}));
  EXPECT_EQ(kinds_with(Role::coordinator), (std::set{K::working_group, K::coordination_centre}));
  EXPECT_EQ(kinds_with(Role::auditor), (std::set{K::oversight}));
  for (Role role : {Role::liaison, Role::supervisor, Role::agency_admin})
    EXPECT_EQ(kinds_with(role).size(), 14u);
}

TEST(Vocabulary, administrators_and_auditors_never_sit_in_a_roster) {
  for (int i = 0; i <= static_cast<int>(Role::auditor); ++i) {
    auto role = static_cast<Role>(i);
    EXPECT_EQ(may_sit_in_roster(role), role != Role::agency_admin && role != Role::auditor);
  }
}

}  // namespace oberih
