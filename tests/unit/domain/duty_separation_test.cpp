// SPDX-License-Identifier: Apache-2.0
#include "server/domain/duty_separation.hpp"

#include <gtest/gtest.h>

#include "server/domain/word_lists.hpp"

namespace oberih::domain {
namespace {

/// A policy as nobody may write it: everything to everybody.
PermissionPolicy everything() {
  std::vector<PermissionRule> rules;
  for (Role role : all_roles)
    for (Action action : all_actions()) rules.push_back({role, action, {}, {}, 1});
  return PermissionPolicy(std::move(rules));
}

Decision decision(Role role, Action action, const Relations& object) {
  Caller caller;
  caller.role = role;
  return everything().authorize(caller, action, object);
}

const Relations member{Relation::channel_member, Relation::channel_admin, Relation::own_agency,
                       Relation::requester, Relation::assignee};

TEST(DutySeparation, lets_no_policy_make_an_auditor_post) {
  for (Action action : {Action::message_post, Action::task_accept, Action::entry_acknowledge,
                        Action::channel_create, Action::attachment_put, Action::receipt_append})
    EXPECT_EQ(decision(Role::auditor, action, member), Decision::forbidden) << name_of(action);
}

TEST(DutySeparation, lets_no_policy_show_content_to_an_agency_administrator) {
  for (Action action : {Action::channel_read, Action::channel_follow, Action::attachment_get,
                        Action::receipt_read, Action::channel_list, Action::alert_list})
    EXPECT_EQ(decision(Role::agency_admin, action, member), Decision::forbidden) << name_of(action);
}

TEST(DutySeparation, leaves_administrators_and_auditors_their_own_work) {
  EXPECT_EQ(decision(Role::agency_admin, Action::directory_append, member), Decision::permitted);
  EXPECT_EQ(decision(Role::agency_admin, Action::unit_append, member), Decision::permitted);
  EXPECT_EQ(decision(Role::auditor, Action::leaves_read, {}), Decision::permitted);
  EXPECT_EQ(decision(Role::auditor, Action::checkpoint_read, {}), Decision::permitted);
  EXPECT_EQ(decision(Role::auditor, Action::directory_append, member), Decision::forbidden);
}

TEST(DutySeparation, lets_nobody_confirm_their_own_work) {
  for (Role role : all_roles) {
    if (!may_sit_in_roster(role)) continue;
    EXPECT_EQ(decision(role, Action::task_confirm, member), Decision::permitted);
    Relations holder = member;
    holder.add(Relation::holder);
    EXPECT_EQ(decision(role, Action::task_confirm, holder), Decision::forbidden);
    EXPECT_EQ(decision(role, Action::task_return, holder), Decision::permitted);
  }
}

TEST(DutySeparation, bars_whoever_may_not_sit_in_a_roster_from_everything_in_channels) {
  for (Role role : all_roles)
    for (Action action : all_actions()) {
      const bool is_barred = !find_bar(role, action).empty();
      if (may_sit_in_roster(role)) {
        EXPECT_FALSE(is_barred) << name_of(role) << name_of(action);
      }
      if (!may_sit_in_roster(role) && is_hidden_from_strangers(action)) {
        EXPECT_TRUE(is_barred) << name_of(role) << name_of(action);
      }
    }
}

}  // namespace
}  // namespace oberih::domain
