// SPDX-License-Identifier: Apache-2.0
// Each rule of policies/permissions.json is needed: without it, somebody may not do what the case
// named for it says. Read from the shipped file, one rule taken out at a time.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "server/domain/word_lists.hpp"
#include "server/runtime/policy_loader.hpp"

namespace oberih::runtime {
namespace {

using domain::Action;
using domain::Decision;
using domain::Relation;
using domain::Relations;

std::string read_rules(const std::string& file) {
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

const std::string folder = OBERIH_SOURCE "/policies/";

domain::PermissionPolicy parsed(const nlohmann::json& document) {
  auto policy = parse_permissions({folder + "permissions.json", document.dump(),
                                   read_rules(folder + "schema/permissions.schema.json")});
  if (!policy) throw std::runtime_error(policy.error().detail);
  return std::move(*policy);
}

const nlohmann::json& shipped() {
  static const nlohmann::json document =
      nlohmann::json::parse(read_rules(folder + "permissions.json"));
  return document;
}

domain::PermissionPolicy without_rule(std::size_t number) {
  nlohmann::json document = shipped();
  document["rules"].erase(number - 1);
  return parsed(document);
}

Decision ask(const domain::PermissionPolicy& policy, Role role, Action action,
             const Relations& relations) {
  domain::Caller caller;
  caller.role = role;
  return policy.authorize(caller, action, relations);
}

/// One case for each rule, in the order of the file, with the words of somebody who would miss it.
struct Case {
  const char* what_would_be_missed;
  Role role;
  Action action;
  Relations relations;
};
const Case cases[] = {
    {"an auditor fetches the checkpoint", Role::auditor, Action::checkpoint_read, {}},
    {"an administrator certifies a device of the own agency",
     Role::agency_admin,
     Action::directory_append,
     {Relation::own_agency}},
    {"a liaison opens a channel", Role::liaison, Action::channel_create, {}},
    {"an investigator reads a channel",
     Role::investigator,
     Action::channel_read,
     {Relation::channel_member}},
    {"a channel's administrator closes it",
     Role::prosecutor,
     Action::channel_close,
     {Relation::channel_member, Relation::channel_admin}},
    {"a member proposes what needs approvals",
     Role::caseworker,
     Action::proposal_append,
     {Relation::channel_member}},
    {"a supervisor gives a channel an administrator again",
     Role::supervisor,
     Action::approval_append,
     {Relation::acting_supervisor}},
    {"an auditor walks the leaves", Role::auditor, Action::leaves_read, {}},
    {"an auditor asks for a grant", Role::auditor, Action::grant_request, {}},
    {"a supervisor outside the roster approves a grant",
     Role::supervisor,
     Action::grant_approve,
     {}},
    {"a member executes a grant",
     Role::investigator,
     Action::channel_grant,
     {Relation::channel_member}},
    {"a member wants a grant withdrawn",
     Role::caseworker,
     Action::grant_withdraw,
     {Relation::channel_member}},
    {"the working group asks a prosecutor's office",
     Role::coordinator,
     Action::task_propose,
     {Relation::channel_member, Relation::requester}},
    {"one of the addressed unit accepts",
     Role::prosecutor,
     Action::task_accept,
     {Relation::channel_member, Relation::assignee}},
    {"a colleague of the requester confirms",
     Role::coordinator,
     Action::task_confirm,
     {Relation::channel_member, Relation::requester}},
    {"the holder hands in the result",
     Role::investigator,
     Action::task_submit,
     {Relation::channel_member, Relation::holder}},
    {"the holder hands the task to a colleague",
     Role::investigator,
     Action::task_reassign,
     {Relation::channel_member, Relation::holder}},
    {"the unit's supervisor gives the task to another",
     Role::supervisor,
     Action::task_reassign,
     {Relation::channel_member, Relation::assignee}},
    {"defence counsel acknowledges a notice",
     Role::defence_counsel,
     Action::entry_acknowledge,
     {Relation::channel_member}},
    {"an originator consents",
     Role::investigator,
     Action::entry_consent,
     {Relation::channel_member}},
    {"an administrator keeps the duty roster",
     Role::agency_admin,
     Action::unit_append,
     {Relation::own_agency}},
    {"a judge opens an attachment",
     Role::judge,
     Action::attachment_get,
     {Relation::channel_member}},
    {"a clerk sees who has opened the notice",
     Role::court_clerk,
     Action::receipt_read,
     {Relation::channel_member}},
    {"a supervisor outside the roster sees what is late",
     Role::supervisor,
     Action::alert_list,
     {Relation::own_agency}},
    {"a judge records what came of the hearing",
     Role::judge,
     Action::hearing_record_outcome,
     {Relation::channel_member, Relation::court_of_hearing}},
    {"defence counsel proposes another date",
     Role::defence_counsel,
     Action::hearing_propose_date,
     {Relation::channel_member, Relation::assignee}},
    {"a liaison states that a summons was handed over",
     Role::liaison,
     Action::hearing_record_service,
     {Relation::channel_member}},
};

TEST(PermissionRules, each_have_a_case_that_misses_them) {
  ASSERT_EQ(std::size(cases), shipped()["rules"].size()) << "a rule without its case";
  const domain::PermissionPolicy whole = parsed(shipped());
  for (std::size_t number = 1; number <= std::size(cases); ++number) {
    const Case& each = cases[number - 1];
    EXPECT_EQ(ask(whole, each.role, each.action, each.relations), Decision::permitted)
        << each.what_would_be_missed;
    EXPECT_NE(ask(without_rule(number), each.role, each.action, each.relations),
              Decision::permitted)
        << "rule " << number << " is not needed for: " << each.what_would_be_missed;
  }
}

TEST(PermissionRules, are_all_needed_for_every_role_and_action_they_name) {
  for (std::size_t number = 1; number <= shipped()["rules"].size(); ++number) {
    const nlohmann::json& rule = shipped()["rules"][number - 1];
    const domain::PermissionPolicy rest = without_rule(number);
    Relations relations;
    for (const auto& word : rule["conditions"])
      relations.add(*domain::find_relation(word.get<std::string>()));
    for (const auto& role : rule["roles"])
      for (const auto& action : rule["actions"])
        EXPECT_NE(ask(rest, *find_role(role.get<std::string>()),
                      *domain::find_action(action.get<std::string>()), relations),
                  Decision::permitted)
            << "rule " << number << ", " << role << ", " << action;
  }
}

TEST(PermissionRules, name_every_action_that_the_code_knows) {
  const nlohmann::json schema =
      nlohmann::json::parse(read_rules(folder + "schema/permissions.schema.json"));
  const nlohmann::json& properties = schema["properties"]["rules"]["items"]["properties"];
  const auto same = [&](const char* key, const auto& words) {
    std::vector<std::string> names;
    for (const auto& word : words) names.emplace_back(name_of(word));
    EXPECT_EQ(properties[key]["items"]["enum"].get<std::vector<std::string>>(), names) << key;
  };
  same("roles", domain::all_roles);
  same("actions", domain::all_actions());
  same("conditions", domain::all_relations());
  same("agency_kinds", domain::all_agency_kinds);
  for (Action action : domain::all_actions())
    EXPECT_TRUE(std::ranges::any_of(shipped()["rules"], [&](const nlohmann::json& rule) {
      return rule["actions"].dump().find("\"" + std::string(name_of(action)) + "\"") !=
             std::string::npos;
    })) << name_of(action);
}

}  // namespace
}  // namespace oberih::runtime
