// SPDX-License-Identifier: Apache-2.0
#include "server/domain/permission_policy.hpp"

#include <gtest/gtest.h>

namespace oberih::domain {
namespace {

Caller caller_of(Role role, AgencyKind kind = AgencyKind::police) {
  Caller caller;
  caller.role = role;
  caller.agency_kind = kind;
  return caller;
}

TEST(PermissionPolicy, denies_what_no_rule_permits) {
  const PermissionPolicy empty;
  EXPECT_EQ(empty.authorize(caller_of(Role::investigator), Action::session_hello, {}),
            Decision::forbidden);
}

TEST(PermissionPolicy, permits_what_a_rule_permits_and_nothing_beside) {
  const PermissionPolicy policy({{Role::investigator, Action::session_hello, {}, {}}});
  EXPECT_EQ(policy.authorize(caller_of(Role::investigator), Action::session_hello, {}),
            Decision::permitted);
  EXPECT_EQ(policy.authorize(caller_of(Role::prosecutor), Action::session_hello, {}),
            Decision::forbidden);
  EXPECT_EQ(policy.authorize(caller_of(Role::investigator), Action::checkpoint_read, {}),
            Decision::forbidden);
}

TEST(PermissionPolicy, wants_all_conditions_of_a_rule) {
  const PermissionPolicy policy({{Role::liaison,
                                  Action::channel_close,
                                  {Relation::channel_member, Relation::channel_admin},
                                  {}}});
  EXPECT_EQ(
      policy.authorize(caller_of(Role::liaison), Action::channel_close, {Relation::channel_member}),
      Decision::forbidden);
  EXPECT_EQ(policy.authorize(caller_of(Role::liaison), Action::channel_close,
                             {Relation::channel_member, Relation::channel_admin}),
            Decision::permitted);
}

TEST(PermissionPolicy, holds_a_rule_to_its_agency_kinds) {
  const PermissionPolicy policy(
      {{Role::liaison, Action::channel_create, {}, {AgencyKind::ngo, AgencyKind::court}}});
  EXPECT_EQ(
      policy.authorize(caller_of(Role::liaison, AgencyKind::court), Action::channel_create, {}),
      Decision::permitted);
  EXPECT_EQ(policy.authorize(caller_of(Role::liaison), Action::channel_create, {}),
            Decision::forbidden);
}

TEST(PermissionPolicy, hides_a_channel_from_strangers_whatever_the_rules_say) {
  std::vector<PermissionRule> everything;
  for (Action action : all_actions()) everything.push_back({Role::supervisor, action, {}, {}});
  const PermissionPolicy policy(std::move(everything));
  for (Action action : all_actions()) {
    const Decision expected =
        is_hidden_from_strangers(action) ? Decision::not_found : Decision::permitted;
    EXPECT_EQ(policy.authorize(caller_of(Role::supervisor), action, {Relation::own_agency}),
              expected)
        << name_of(action);
  }
}

TEST(PermissionPolicy, shows_an_acting_supervisor_proposals_and_nothing_else_of_the_channel) {
  std::vector<PermissionRule> everything;
  for (Action action : all_actions()) everything.push_back({Role::supervisor, action, {}, {}});
  const PermissionPolicy policy(std::move(everything));
  for (Action action : all_actions()) {
    const bool is_of_proposals = action == Action::proposal_append ||
                                 action == Action::approval_append ||
                                 action == Action::proposal_list;
    const bool is_open = is_of_proposals || !is_hidden_from_strangers(action);
    EXPECT_EQ(policy.authorize(caller_of(Role::supervisor), action, {Relation::acting_supervisor}),
              is_open ? Decision::permitted : Decision::not_found)
        << name_of(action);
  }
}

TEST(PermissionPolicy, explains_by_which_rule_it_says_yes) {
  const PermissionPolicy policy({{Role::liaison, Action::session_hello, {}, {}, 3}});
  const Explanation explanation =
      policy.explain(caller_of(Role::liaison), Action::session_hello, {});
  EXPECT_EQ(explanation.decision, Decision::permitted);
  EXPECT_EQ(explanation.rule, 3u);
  EXPECT_TRUE(explanation.lacking.empty());
}

TEST(PermissionPolicy, explains_what_a_rule_lacks) {
  const PermissionPolicy policy({{Role::liaison,
                                  Action::channel_close,
                                  {Relation::channel_member, Relation::channel_admin},
                                  {AgencyKind::ngo},
                                  5},
                                 {Role::supervisor, Action::channel_close, {}, {}, 6}});
  const Explanation explanation =
      policy.explain(caller_of(Role::liaison), Action::channel_close, {Relation::channel_member});
  EXPECT_EQ(explanation.decision, Decision::forbidden);
  EXPECT_EQ(explanation.rule, 0u);
  ASSERT_EQ(explanation.lacking.size(), 1u);
  EXPECT_EQ(explanation.lacking[0].rule, 5u);
  EXPECT_EQ(explanation.lacking[0].conditions, Relations{Relation::channel_admin});
  EXPECT_TRUE(explanation.lacking[0].agency_kind);
  EXPECT_FALSE(explanation.is_hidden);
  EXPECT_TRUE(policy.explain(caller_of(Role::liaison), Action::channel_close, {}).is_hidden);
}

TEST(PermissionPolicy, explains_that_no_rule_can_permit_what_duties_forbid) {
  const PermissionPolicy policy({{Role::auditor, Action::message_post, {}, {}, 1}});
  const Explanation explanation =
      policy.explain(caller_of(Role::auditor), Action::message_post, {Relation::channel_member});
  EXPECT_EQ(explanation.decision, Decision::forbidden);
  EXPECT_EQ(explanation.barred_by, "an auditor never posts");
  EXPECT_EQ(explanation.rule, 0u);
}

TEST(PermissionPolicy, gives_every_word_one_name) {
  for (Action action : all_actions()) EXPECT_EQ(find_action(name_of(action)), action);
  for (Relation relation : all_relations()) EXPECT_EQ(find_relation(name_of(relation)), relation);
  EXPECT_EQ(find_action("channel.destroy"), std::nullopt);
  EXPECT_EQ(find_relation("friend"), std::nullopt);
}

}  // namespace
}  // namespace oberih::domain
