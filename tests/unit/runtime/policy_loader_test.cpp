// SPDX-License-Identifier: Apache-2.0
// The policy files as they are shipped, held against a table that a person can read; and files that
// must be refused.
#include "server/runtime/policy_loader.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "server/domain/word_lists.hpp"

namespace oberih::runtime {
namespace {

namespace fs = std::filesystem;
using domain::Action;
using domain::Decision;
using domain::Relation;
using domain::Relations;

/// Roles that may sit in a roster are alike: their difference is what they may post, which tasks
/// and hearings bring. `-` never, `+` always, `o` for the own agency, `m` members, `a` channel
/// admins, `s` members and acting supervisors; members who are also: `r` of the requesting unit,
/// `c` of it and not the holder, `g` assignees, `h` holders, `x` holders or assignees, `k` of the
/// court of the hearing, `j` the same for clerks and judges alone.
struct Row {
  Action action;
  char seated;
  char supervisor;
  char agency_admin;
  char auditor;
};
constexpr Row expected_table[] = {
    {Action::session_hello, '+', '+', '+', '+'},
    {Action::directory_read, '+', '+', '+', '+'},
    {Action::directory_append, '-', 'o', 'o', '-'},
    {Action::directory_names, '+', '+', '+', '+'},
    {Action::channel_create, '+', '+', '-', '-'},
    {Action::channel_change, 'm', 'm', '-', '-'},
    {Action::channel_rotate, 'm', 'm', '-', '-'},
    {Action::channel_close, 'a', 'a', '-', '-'},
    {Action::channel_list, '+', '+', '-', '-'},
    {Action::channel_read, 'm', 'm', '-', '-'},
    {Action::channel_follow, 'm', 'm', '-', '-'},
    {Action::message_post, 'm', 'm', '-', '-'},
    {Action::channel_leave, 'm', 'm', '-', '-'},
    {Action::channel_wrap_unusable, 'm', 'm', '-', '-'},
    {Action::entry_find, '+', '+', '-', '-'},
    {Action::checkpoint_read, '+', '+', '+', '+'},
    {Action::leaves_read, '-', '-', '-', '+'},
    {Action::audit_find, '-', '-', '-', '+'},
    {Action::proposal_append, 'm', 's', '-', '-'},
    {Action::approval_append, 'm', 's', '-', '-'},
    {Action::proposal_list, 'm', 's', '-', '-'},
    {Action::task_propose, 'r', 'r', '-', '-'},
    {Action::task_accept, 'g', 'g', '-', '-'},
    {Action::task_decline, 'g', 'g', '-', '-'},
    {Action::task_withdraw, 'r', 'r', '-', '-'},
    {Action::task_extend, 'r', 'r', '-', '-'},
    {Action::task_reassign, 'x', 'x', '-', '-'},
    {Action::task_start, 'h', 'h', '-', '-'},
    {Action::task_pause, 'h', 'h', '-', '-'},
    {Action::task_resume, 'h', 'h', '-', '-'},
    {Action::task_submit, 'h', 'h', '-', '-'},
    {Action::task_confirm, 'c', 'c', '-', '-'},
    {Action::task_return, 'r', 'r', '-', '-'},
    {Action::entry_acknowledge, 'm', 'm', '-', '-'},
    {Action::entry_consent, 'm', 'm', '-', '-'},
    {Action::unit_append, '-', 'o', 'o', '-'},
    {Action::out_of_service_append, '-', 'o', 'o', '-'},
    {Action::attachment_put, 'm', 'm', '-', '-'},
    {Action::attachment_get, 'm', 'm', '-', '-'},
    {Action::receipt_append, 'm', 'm', '-', '-'},
    {Action::receipt_read, 'm', 'm', '-', '-'},
    {Action::alert_list, 'o', 'o', '-', '-'},
    {Action::hearing_schedule, 'j', 'k', '-', '-'},
    {Action::hearing_cancel, 'j', 'k', '-', '-'},
    {Action::hearing_propose_date, 'g', 'g', '-', '-'},
    {Action::hearing_record_service, 'm', 'm', '-', '-'},
    {Action::hearing_confirm_told, 'g', 'g', '-', '-'},
    {Action::hearing_record_outcome, 'j', 'k', '-', '-'},
    {Action::channel_grant, 'm', 'm', '-', '-'},
    {Action::grant_request, '-', '-', '-', '+'},
    {Action::grant_withdraw, 'm', '+', '-', '-'},
    {Action::grant_approve, '-', '+', '-', '-'},
    {Action::grant_list, '-', '+', '-', '+'},
    {Action::audit_read, '-', '-', '-', '+'},
};

char expected_letter(const Row& row, Role role) {
  switch (role) {
    case Role::supervisor:
      return row.supervisor;
    case Role::agency_admin:
      return row.agency_admin;
    case Role::auditor:
      return row.auditor;
    case Role::court_clerk:
    case Role::judge:
      return row.seated == 'j' ? 'k' : row.seated;
    case Role::investigator:
    case Role::prosecutor:
    case Role::caseworker:
    case Role::defence_counsel:
    case Role::coordinator:
    case Role::liaison:
      return row.seated;
  }
  return '-';
}

bool letter_permits(char letter, const Relations& relations) {
  switch (letter) {
    case '+':
      return true;
    case 'o':
      return relations.has(Relation::own_agency);
    case 'm':
      return relations.has(Relation::channel_member);
    case 's':
      return relations.has(Relation::channel_member) || relations.has(Relation::acting_supervisor);
    case 'a':
      return relations.has_all({Relation::channel_member, Relation::channel_admin});
    case 'r':
      return relations.has_all({Relation::channel_member, Relation::requester});
    case 'c':
      return letter_permits('r', relations) && !relations.has(Relation::holder);
    case 'g':
      return relations.has_all({Relation::channel_member, Relation::assignee});
    case 'h':
      return relations.has_all({Relation::channel_member, Relation::holder});
    case 'k':
      return relations.has_all({Relation::channel_member, Relation::court_of_hearing});
    case 'x':
      return letter_permits('g', relations) || letter_permits('h', relations);
  }
  return false;
}

application::Policies load_shipped() {
  auto policies = load_policies(OBERIH_SOURCE "/policies");
  if (!policies) throw std::runtime_error(policies.error().detail);
  return std::move(*policies);
}

TEST(ShippedPolicies, permit_every_role_action_and_relation_as_the_table_says) {
  const application::Policies policies = load_shipped();
  ASSERT_EQ(std::size(expected_table), domain::all_actions().size());
  for (const Row& row : expected_table)
    for (Role role : domain::all_roles)
      for (unsigned bits = 0; bits < 1u << domain::all_relations().size(); ++bits) {
        Relations relations;
        for (Relation relation : domain::all_relations())
          if (bits >> static_cast<unsigned>(relation) & 1) relations.add(relation);
        domain::Caller caller;
        caller.role = role;
        Decision expected = Decision::forbidden;
        if (letter_permits(expected_letter(row, role), relations)) expected = Decision::permitted;
        const bool is_known = relations.has(Relation::channel_member) ||
                              (row.supervisor == 's' && relations.has(Relation::acting_supervisor));
        if (domain::is_hidden_from_strangers(row.action) && !is_known)
          expected = Decision::not_found;
        EXPECT_EQ(policies.permissions.authorize(caller, row.action, relations), expected)
            << name_of(role) << ", " << name_of(row.action) << ", relations " << bits;
      }
}

TEST(ShippedPolicies, keep_courts_out_of_the_investigation_and_say_why) {
  const domain::SeatingPolicy seating = load_shipped().seating;
  EXPECT_FALSE(seating.may_sit(ChannelKind::ordinary, AgencyKind::court));
  EXPECT_FALSE(seating.may_sit(ChannelKind::case_, AgencyKind::court));
  EXPECT_EQ(seating.find(ChannelKind::case_, AgencyKind::court)->reason,
            "a court may not sit in a case channel: no talk behind the defence's back");
  for (ChannelKind kind :
       {ChannelKind::hearing, ChannelKind::working_group, ChannelKind::announcement})
    EXPECT_TRUE(seating.may_sit(kind, AgencyKind::court));
  for (ChannelKind kind : domain::all_channel_kinds)
    EXPECT_FALSE(seating.may_sit(kind, AgencyKind::oversight));
  EXPECT_TRUE(seating.may_sit(ChannelKind::case_, AgencyKind::ngo));
}

TEST(ShippedPolicies, protect_the_names_of_those_who_help_victims) {
  const domain::NameVisibility names = load_shipped().names;
  domain::Caller caller;
  caller.agency.bytes[0] = 1;
  const auto is_public = [&](AgencyKind kind) {
    return names.is_visible(caller, AgencyId{}, kind, false);
  };
  for (AgencyKind kind : {AgencyKind::police, AgencyKind::prosecution, AgencyKind::court})
    EXPECT_TRUE(is_public(kind)) << name_of(kind);
  for (AgencyKind kind : {AgencyKind::ngo, AgencyKind::social_service, AgencyKind::legal_aid,
                          AgencyKind::coordination_centre, AgencyKind::international})
    EXPECT_FALSE(is_public(kind)) << name_of(kind);
}

// -- files that must be refused
// --------------------------------------------------------------------

class PolicyFolder : public testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        fs::path(testing::TempDir()) /
        ("policies-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder_);
    fs::copy(OBERIH_SOURCE "/policies", folder_, fs::copy_options::recursive);
  }
  void TearDown() override { fs::remove_all(folder_); }

  void replace(const std::string& name, const std::string& old_text, const std::string& new_text) {
    std::ifstream in(folder_ / name);
    std::ostringstream all;
    all << in.rdbuf();
    std::string text = all.str();
    const std::size_t at = text.find(old_text);
    ASSERT_NE(at, std::string::npos) << old_text;
    text.replace(at, old_text.size(), new_text);
    std::ofstream(folder_ / name) << text;
  }
  std::string refusal() const {
    auto policies = load_policies(folder_);
    return policies ? std::string() : policies.error().detail;
  }
  static bool says(const std::string& sentence, const std::string& part) {
    return sentence.find(part) != std::string::npos;
  }

  fs::path folder_;
};

TEST_F(PolicyFolder, is_taken_as_it_is_shipped) { EXPECT_EQ(refusal(), ""); }

TEST_F(PolicyFolder, refuses_the_whole_file_for_one_unknown_word) {
  replace("permissions.json", "\"own_agency\"", "\"own_agancy\"");
  const std::string sentence = refusal();
  EXPECT_TRUE(says(sentence, "permissions.json")) << sentence;
  EXPECT_TRUE(says(sentence, "rule 2 uses the unknown word 'own_agancy' in conditions"))
      << sentence;
}

TEST_F(PolicyFolder, refuses_unknown_words_of_every_list) {
  replace("channel_seating.json", "\"police\"", "\"polis\"");
  EXPECT_TRUE(says(refusal(), "rule 1 uses the unknown word 'polis' in agency_kinds"));
  fs::copy(OBERIH_SOURCE "/policies/channel_seating.json", folder_ / "channel_seating.json",
           fs::copy_options::overwrite_existing);
  replace("name_visibility.json", "\"all_agencies\"", "\"everybody\"");
  EXPECT_TRUE(says(refusal(), "rule 1 uses the unknown word 'everybody' in shown_to"));
}

TEST_F(PolicyFolder, what_clients_alone_read_fits_its_schema_and_a_typing_error_does_not) {
  const auto outcome = [this](const std::string& name) {
    const Result<PolicyText> text = load_policy_text(folder_ / (name + ".json"));
    if (!text) return text.error().detail;
    const Result<void> checked = check_policy(name, *text);
    return checked ? std::string() : checked.error().detail;
  };
  EXPECT_EQ(outcome("handling_codes"), "");
  EXPECT_EQ(outcome("task_templates"), "");
  EXPECT_EQ(outcome("service_ways"), "");
  replace("handling_codes.json", "\"H2\"", "\"H7\"");
  replace("task_templates.json", "\"urgency\": \"8h\"", "\"urgency\": \"8d\"");
  replace("service_ways.json", "\"needs_scan\": true", "\"needs_scan\": \"yes\"");
  EXPECT_TRUE(says(outcome("handling_codes"), "handling_codes.json"));
  EXPECT_TRUE(says(outcome("service_ways"), "service_ways.json"));
  EXPECT_TRUE(says(outcome("task_templates"), "task_templates.json"));
  EXPECT_EQ(outcome("witnessing"), "");
  replace("witnessing.json", "\"warn\"", "\"stop\"");
  EXPECT_TRUE(says(outcome("witnessing"), "witnessing.json"));
}

TEST_F(PolicyFolder, refuses_what_the_schema_does_not_know) {
  replace("permissions.json", "\"conditions\": []", "\"condition\": []");
  const std::string sentence = refusal();
  EXPECT_TRUE(says(sentence, "rule 1")) << sentence;
  EXPECT_TRUE(says(sentence, "condition")) << sentence;
}

TEST_F(PolicyFolder, wants_the_condition_agency_kind_and_its_list_together) {
  replace("permissions.json", "[\"own_agency\"]", "[\"own_agency\", \"agency_kind\"]");
  EXPECT_TRUE(says(refusal(), "rule 2 (/rules/1): the condition 'agency_kind'")) << refusal();
  replace("permissions.json", "\"agency_kind\"]", "\"agency_kind\"], \"agency_kinds\": [\"ngo\"]");
  EXPECT_EQ(refusal(), "");
  replace("permissions.json", ", \"agency_kind\"]", "]");
  EXPECT_TRUE(says(refusal(), "rule 2 (/rules/1): the condition 'agency_kind'")) << refusal();
}

TEST_F(PolicyFolder, refuses_another_version) {
  replace("permissions.json", "\"version\": 1", "\"version\": 2");
  EXPECT_TRUE(says(refusal(), "permissions.json"));
}

TEST_F(PolicyFolder, refuses_a_key_that_stands_twice) {
  replace("permissions.json", "\"version\": 1,", "\"version\": 1, \"version\": 1,");
  EXPECT_TRUE(says(refusal(), "permissions.json"));
}

TEST_F(PolicyFolder, refuses_a_seating_table_with_a_hole) {
  replace("channel_seating.json", "\"police\", ", "");
  EXPECT_TRUE(says(refusal(), "no rule says whether 'police' may sit in 'ordinary'"));
}

TEST_F(PolicyFolder, refuses_a_file_that_joins_duties_which_must_be_apart) {
  const auto permit = [&](const std::string& role, const std::string& action,
                          const std::string& conditions) {
    replace("permissions.json", "\"rules\": [",
            "\"rules\": [ {\"reason\": \"none\", \"roles\": [\"" + role + "\"], \"actions\": [\"" +
                action + "\"], \"conditions\": [" + conditions + "]},");
    const std::string sentence = refusal();
    fs::copy(OBERIH_SOURCE "/policies/permissions.json", folder_ / "permissions.json",
             fs::copy_options::overwrite_existing);
    return sentence;
  };
  EXPECT_TRUE(says(permit("auditor", "message.post", "\"channel_member\""),
                   "rule 1 (/rules/0) permits 'message.post' to 'auditor': an auditor never "
                   "posts."));
  EXPECT_TRUE(says(permit("agency_admin", "channel.read", ""),
                   "permits 'channel.read' to 'agency_admin': an agency administrator never reads "
                   "content."));
  EXPECT_TRUE(says(permit("liaison", "task.confirm", "\"channel_member\", \"holder\""),
                   "nobody confirms their own work"));
  EXPECT_EQ(permit("auditor", "checkpoint.read", ""), "");
}

TEST_F(PolicyFolder, says_where_the_fault_is) {
  replace("permissions.json", "\"own_agency\"", "\"own_agancy\"");
  EXPECT_TRUE(says(refusal(), "(/rules/1/conditions/0)")) << refusal();
  replace("permissions.json", "\"own_agancy\"", "\"own_agency\"");
  replace("permissions.json", "\"conditions\": []\n", "\"conditions\": [],\n");
  EXPECT_TRUE(says(refusal(), "it is not JSON at byte")) << refusal();
  EXPECT_TRUE(says(refusal(), "(line 10)")) << refusal();
  replace("permissions.json", "\"conditions\": [],\n", "\"conditions\": 5\n");
  EXPECT_TRUE(says(refusal(), "rule 1, conditions '5' (/rules/0/conditions)")) << refusal();
}

TEST_F(PolicyFolder, names_what_it_was_made_of_in_order) {
  const auto policies = load_policies(folder_);
  ASSERT_TRUE(policies);
  std::vector<std::string> names;
  for (const auto& file : policies->files) names.push_back(file.name);
  EXPECT_EQ(names, (std::vector<std::string>{"calendar", "channel_seating", "deadlines",
                                             "name_visibility", "permissions", "witnessing"}));
  for (const auto& file : policies->files)
    EXPECT_EQ(hash_policy(folder_, file.name), file.hash) << file.name;
}

TEST_F(PolicyFolder, refuses_a_missing_file) {
  fs::remove(folder_ / "name_visibility.json");
  EXPECT_TRUE(says(refusal(), "name_visibility.json"));
}

}  // namespace
}  // namespace oberih::runtime
