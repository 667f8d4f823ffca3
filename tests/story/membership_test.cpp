// SPDX-License-Identifier: Apache-2.0
// Who comes, rises and goes in a case channel, as people do it: proposals that wait for another
// agency, mandates that end, a channel without an administrator, and the end.
#include <gtest/gtest.h>
#include <signal.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support/deployment.hpp"

namespace oberih::test {
namespace {

using nlohmann::json;

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class Membership : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::vector<Officer> officers = Deployment::four_officers();
    officers.push_back({"partner", "police", "investigator", "Слідчий Петро"});
    officers.push_back({"police-chief", "police", "supervisor", "Керівник Поліція"});
    officers.push_back({"chief-prosecutor", "prosecution", "supervisor", "Керівниця Одеса"});
    deployment = std::make_unique<Deployment>(officers);
    expect_ok("investigator", {"channel", "create", "--kind", "case", "--title", "88"});
    expect_ok("investigator", {"channel", "add", "88", "--device", device("prosecutor"),
                               "--mandate", "Постанова 88/1"});
  }
  static void TearDownTestSuite() { deployment.reset(); }

  static std::string device(const std::string& profile) { return deployment->device_of(profile); }
  static Finished expect_ok(const std::string& profile, const std::vector<std::string>& arguments) {
    Finished finished = deployment->oberih(profile, arguments);
    EXPECT_EQ(finished.exit_code, 0) << finished.out << finished.err;
    return finished;
  }
  /// The first object of `--json` output; null where there is none.
  static json object(const std::string& profile, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "--json");
    std::istringstream out(expect_ok(profile, arguments).out);
    std::string line;
    return std::getline(out, line) ? json::parse(line) : json();
  }
  static json line_of(const std::string& profile, const std::string& who) {
    const json shown = object(profile, {"channel", "show", "88"});
    for (const json& line : shown.at("roster"))
      if (line["device"] == device(who)) return line;
    return {};
  }

  static std::unique_ptr<Deployment> deployment;
};
std::unique_ptr<Deployment> Membership::deployment;

TEST_F(Membership, a_0_a_court_sits_in_a_working_group_and_is_not_even_proposed_for_a_case) {
  expect_ok("investigator", {"channel", "create", "--kind", "working_group", "--title", "Група"});
  expect_ok("investigator", {"channel", "add", "Група", "--device", device("clerk")});
  expect_ok("clerk", {"message", "read", "Група"});
  const Finished refused =
      deployment->oberih("investigator", {"channel", "add", "88", "--device", device("clerk")});
  EXPECT_EQ(refused.exit_code, 77) << refused.out << refused.err;
  EXPECT_TRUE(holds(refused.err, "defence")) << refused.err;
  EXPECT_TRUE(object("prosecutor", {"channel", "proposals"}).is_null());
}

TEST_F(Membership, a_1_a_third_agency_comes_when_two_have_agreed) {
  const json proposed = object("investigator", {"channel", "add", "88", "--device",
                                                device("caseworker"), "--mandate", "Угода 5"});
  ASSERT_TRUE(proposed.contains("proposal")) << proposed;
  EXPECT_EQ(proposed["given"], 1);
  EXPECT_EQ(proposed["needed"], 2);
  EXPECT_EQ(proposed["may_approve"], json::array({device("prosecutor")}));
  const std::string id = proposed["proposal"];
  EXPECT_EQ(deployment->oberih("caseworker", {"message", "read", "88"}).exit_code, 69);
  EXPECT_EQ(deployment->oberih("investigator", {"channel", "carry-out", id}).exit_code, 77);
  EXPECT_EQ(deployment->oberih("investigator", {"channel", "approve", id, "--yes"}).exit_code, 77)
      << "an approval twice";
  EXPECT_EQ(deployment->oberih("caseworker", {"channel", "approve", id, "--yes"}).exit_code, 69);

  ASSERT_EQ(deployment->stop_server(SIGTERM), 0);
  deployment->start_server();
  const std::string listed = expect_ok("prosecutor", {"channel", "proposals"}).out;
  EXPECT_TRUE(holds(listed, "Угода 5")) << listed;
  EXPECT_TRUE(holds(listed, "admin")) << listed;
  EXPECT_EQ(object("prosecutor", {"channel", "proposals"})["given"], 1) << "nobody else has agreed";
  EXPECT_TRUE(holds(expect_ok("prosecutor", {"channel", "list"}).out, "channel proposals"));
  const std::string approved =
      expect_ok("prosecutor", {"channel", "approve", id.substr(0, 8), "--yes"}).out;
  EXPECT_TRUE(holds(approved, id.substr(0, 8))) << approved;
  expect_ok("caseworker", {"message", "read", "88"});
  EXPECT_EQ(line_of("caseworker", "caseworker")["mandate"], "Угода 5");
  EXPECT_EQ(line_of("caseworker", "caseworker")["role"], "admin");
  EXPECT_TRUE(object("prosecutor", {"channel", "proposals"}).is_null());
}

TEST_F(Membership, a_2_a_mandate_has_a_last_day_in_kyiv) {
  expect_ok("investigator", {"channel", "add", "88", "--device", device("partner"), "--until",
                             "2031-03-04", "--mandate", "Доручення 7"});
  const json line = line_of("investigator", "partner");
  EXPECT_EQ(line["ends_ms"], 1'930'428'000'000) << "2031-03-05T00:00+02:00";
  EXPECT_EQ(line["agency"], line_of("investigator", "investigator")["agency"]);
  EXPECT_GT(line["came_ms"], 0);
  EXPECT_TRUE(holds(expect_ok("investigator", {"channel", "show", "88"}).out, "04.03.2031"));
  EXPECT_EQ(deployment
                ->oberih("investigator", {"channel", "add", "88", "--device", device("partner"),
                                          "--until", "2020-01-01"})
                .exit_code,
            64);
  EXPECT_EQ(deployment
                ->oberih("investigator", {"channel", "alter", "88", "--device", device("partner"),
                                          "--until", "30.02.2031"})
                .exit_code,
            64);
}

TEST_F(Membership, a_3_nobody_promotes_alone_and_a_proposal_can_be_taken_back) {
  const json proposed =
      object("partner", {"channel", "promote", "88", "--device", device("partner")});
  ASSERT_TRUE(proposed.contains("proposal")) << proposed;
  EXPECT_EQ(proposed["given"], 0);
  const std::string id = proposed["proposal"];
  EXPECT_EQ(deployment->oberih("partner", {"channel", "approve", id, "--yes"}).exit_code, 77);
  EXPECT_EQ(deployment->oberih("prosecutor", {"channel", "withdraw-proposal", id}).exit_code, 77);
  expect_ok("partner", {"channel", "withdraw-proposal", id});
  EXPECT_EQ(deployment->oberih("prosecutor", {"channel", "approve", id, "--yes"}).exit_code, 69);
  EXPECT_EQ(line_of("partner", "partner")["role"], "member");
}

TEST_F(Membership, a_4_supervisors_choose_where_no_administrator_is_left) {
  const std::string demotion = object(
      "prosecutor", {"channel", "demote", "88", "--device", device("prosecutor")})["proposal"];
  expect_ok("investigator", {"channel", "approve", demotion, "--yes"});
  EXPECT_EQ(line_of("partner", "prosecutor")["role"], "member");
  expect_ok("caseworker", {"channel", "leave", "88"});
  expect_ok("investigator", {"channel", "leave", "88"});
  EXPECT_TRUE(object("police-chief", {"channel", "proposals"}).is_null());

  const json proposed =
      object("partner", {"channel", "promote", "88", "--device", device("partner")});
  EXPECT_EQ(proposed["by_supervisors"], true) << proposed;
  EXPECT_EQ(proposed["needed"], 2) << proposed;
  const std::string id = proposed["proposal"];
  const json seen = object("police-chief", {"channel", "proposals"});
  EXPECT_EQ(seen["proposal"], id) << seen;
  EXPECT_EQ(seen["on_roster"], false);
  EXPECT_EQ(deployment->oberih("police-chief", {"message", "read", "88"}).exit_code, 69);
  expect_ok("police-chief", {"channel", "approve", id, "--yes"});
  EXPECT_EQ(deployment->oberih("partner", {"channel", "carry-out", id}).exit_code, 77);
  const std::string approved =
      expect_ok("chief-prosecutor", {"channel", "approve", id, "--yes"}).out;
  EXPECT_TRUE(holds(approved, "carry-out")) << approved;
  expect_ok("partner", {"channel", "carry-out", id});
  EXPECT_EQ(line_of("prosecutor", "partner")["role"], "admin");
  EXPECT_TRUE(object("police-chief", {"channel", "proposals"}).is_null());
}

TEST_F(Membership, a_5_a_closed_channel_is_read_and_never_written_again) {
  EXPECT_EQ(deployment->oberih("prosecutor", {"channel", "close", "88", "--reason", "x"}).exit_code,
            64)
      << "not confirmed";
  expect_ok("partner", {"channel", "policy", "88", "--approvals", "3"});
  expect_ok("partner", {"channel", "close", "88", "--reason", "Вирок", "--yes"});
  EXPECT_EQ(deployment->oberih("prosecutor", {"message", "post", "88", "?"}).exit_code, 69);
  EXPECT_EQ(
      deployment->oberih("prosecutor", {"channel", "add", "88", "--device", device("investigator")})
          .exit_code,
      69);
  expect_ok("prosecutor", {"message", "read", "88"});
  EXPECT_EQ(object("prosecutor", {"channel", "show", "88"})["closed"], true);
}

TEST_F(Membership, b_the_journal_agrees_with_all_of_it) {
  const Finished checked = deployment->oberihd("check");
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
}

}  // namespace
}  // namespace oberih::test
