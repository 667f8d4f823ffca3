// SPDX-License-Identifier: Apache-2.0
// An agency's unit and its duty roster, whom others turn to at night, a channel that follows the
// unit's list, and a blackout that must not read as negligence.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support/deployment.hpp"

namespace oberih::test {
namespace {

using nlohmann::json;

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class Units : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::vector<Officer> officers = Deployment::four_officers();
    officers.push_back({"partner", "police", "investigator", "Слідчий Петро"});
    officers.push_back({"relief", "police", "investigator", "Слідчий Бондар"});
    officers.push_back({"chief", "police", "supervisor", "Керівник Поліція"});
    deployment = std::make_unique<Deployment>(officers);
  }
  static void TearDownTestSuite() { deployment.reset(); }

  static Finished run(const std::string& profile, const std::vector<std::string>& arguments) {
    return deployment->oberih(profile, arguments);
  }
  static Finished expect_ok(const std::string& profile, const std::vector<std::string>& arguments) {
    Finished finished = run(profile, arguments);
    EXPECT_EQ(finished.exit_code, 0) << finished.out << finished.err;
    return finished;
  }
  /// All objects of `--json` output.
  static std::vector<json> objects(const std::string& profile, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "--json");
    std::istringstream out(expect_ok(profile, arguments).out);
    std::vector<json> found;
    for (std::string line; std::getline(out, line);) found.push_back(json::parse(line));
    return found;
  }
  static json object(const std::string& profile, const std::vector<std::string>& arguments) {
    const std::vector<json> found = objects(profile, arguments);
    return found.empty() ? json() : found.front();
  }
  /// The line of the channel's roster; null where there is none.
  static json line_of(const std::string& who) {
    const json shown = object("investigator", {"channel", "show", "91"});
    for (const json& line : shown.at("roster"))
      if (line["device"] == deployment->device_of(who)) return line;
    return {};
  }

  static std::unique_ptr<Deployment> deployment;
};
std::unique_ptr<Deployment> Units::deployment;

TEST_F(Units, a_0_administrators_make_units_and_nobody_else) {
  const std::vector<std::string> create{"unit",         "create",          "--name",
                                        "Відділ 5",     "--member",        "Слідча Поліція",
                                        "--supervisor", "Керівник Поліція"};
  EXPECT_EQ(run("investigator", create).exit_code, 77);
  const json unit = object("police-admin", create);
  EXPECT_EQ(unit["name"], "Відділ 5");
  EXPECT_EQ(unit["version"], 1);
  EXPECT_EQ(unit["lines"].size(), 2u) << unit;
  EXPECT_EQ(run("police-admin", create).exit_code, 65) << "the name is taken";
  EXPECT_EQ(run("prosecution-admin", {"unit", "change", "Відділ 5", "--name", "Чужий"}).exit_code,
            69)
      << "another agency's unit cannot be changed";
  EXPECT_EQ(
      run("prosecution-admin", {"unit", "create", "--name", "Група", "--member", "Слідча Поліція"})
          .exit_code,
      65)
      << "another agency's people cannot be listed";
  EXPECT_TRUE(holds(expect_ok("clerk", {"unit", "list", "--all"}).out, "Відділ 5"));
}

TEST_F(Units, a_1_another_agency_finds_the_duty_officer_and_no_strangers) {
  expect_ok("chief", {"unit", "duty", "Відділ 5", "Слідчий Петро", "--to", "2031-03-04 20:00"});
  EXPECT_EQ(
      run("chief", {"unit", "duty", "Відділ 5", "Слідчий Петро", "--to", "2024-03-04"}).exit_code,
      64)
      << "a duty that is over";
  const std::string found = expect_ok("prosecutor", {"who", "ВІДДІЛ", "5"}).out;
  EXPECT_TRUE(holds(found, "Слідчий Петро")) << found;
  EXPECT_TRUE(holds(found, "04.03.2031 20:00")) << found;
  EXPECT_FALSE(holds(found, "Слідча Поліція")) << "members who are not on duty are not listed";
  EXPECT_EQ(object("prosecutor", {"who", "петро"})["name"], "Відділ 5");
  EXPECT_EQ(run("prosecutor", {"who", "Слідча"}).exit_code, 69);

  expect_ok("ngo-admin",
            {"unit", "create", "--name", "Гаряча лінія", "--member", "Працівниця Світанку"});
  expect_ok("ngo-admin", {"unit", "duty", "Гаряча лінія", "Працівниця Світанку"});
  const json hidden = object("prosecutor", {"who", "гаряча"});
  ASSERT_EQ(hidden["on_duty"].size(), 1u) << hidden;
  EXPECT_TRUE(hidden["on_duty"][0]["name"].is_null()) << "the policy protects the name";
  const std::string shown = expect_ok("prosecutor", {"who", "гаряча"}).out;
  EXPECT_TRUE(holds(shown, "caseworker")) << shown;
  EXPECT_EQ(run("prosecutor", {"who", "Працівниця"}).exit_code, 69);
}

TEST_F(Units, a_2_a_unit_comes_whole_and_the_channel_follows_its_list) {
  expect_ok("investigator", {"channel", "create", "--kind", "case", "--title", "91"});
  expect_ok("investigator",
            {"channel", "add", "91", "--device", deployment->device_of("prosecutor")});
  expect_ok("investigator",
            {"channel", "add", "91", "--unit", "Відділ 5", "--mandate", "Наказ 12"});
  EXPECT_EQ(line_of("partner")["ends_ms"], 1'930'413'600'000) << "20:00 in Kyiv, with the duty";
  EXPECT_TRUE(line_of("chief").is_null()) << "supervisors see states, not contents";
  const std::string shown = expect_ok("investigator", {"channel", "show", "91"}).out;
  EXPECT_TRUE(holds(shown, "Наказ 12")) << shown;
  EXPECT_TRUE(holds(shown, "Відділ 5")) << shown;
  expect_ok("partner", {"message", "read", "91"});

  expect_ok("police-admin", {"unit", "change", "Відділ 5", "--member", "Слідчий Бондар"});
  EXPECT_EQ(run("relief", {"message", "read", "91"}).exit_code, 69) << "nobody was online yet";
  const Finished posted = expect_ok("investigator", {"message", "post", "91", "Хто на зміні?"});
  EXPECT_TRUE(holds(posted.err, "Слідчий Бондар")) << posted.err;
  EXPECT_TRUE(holds(expect_ok("relief", {"message", "read", "91"}).out, "Хто на зміні?"));
  expect_ok("prosecutor", {"message", "post", "91", "Ми на місці."});
}

TEST_F(Units, a_3_who_was_removed_on_purpose_is_not_brought_back) {
  expect_ok("investigator", {"channel", "remove", "91", "--device",
                             deployment->device_of("partner"), "--reason", "конфлікт інтересів"});
  expect_ok("investigator", {"message", "post", "91", "Без Петра."});
  EXPECT_TRUE(line_of("partner").is_null());
  EXPECT_EQ(run("partner", {"message", "read", "91"}).exit_code, 69);
}

TEST_F(Units, a_4_whoever_the_list_names_no_more_goes) {
  expect_ok("police-admin", {"unit", "change", "Відділ 5", "--remove", "Слідчий Бондар"});
  const Finished posted = expect_ok("investigator", {"message", "post", "91", "Після зміни."});
  EXPECT_TRUE(holds(posted.err, "Слідчий Бондар")) << posted.err;
  EXPECT_TRUE(line_of("relief").is_null());
  EXPECT_FALSE(line_of("investigator").is_null()) << "who was there before the unit stays";
}

TEST_F(Units, a_5_deputies_answer_under_their_own_names_until_it_ends) {
  EXPECT_EQ(run("chief", {"unit", "deputy", "Відділ 5", "Слідчий Бондар"}).exit_code, 64);
  EXPECT_EQ(
      run("chief", {"unit", "deputy", "Відділ 5", "Слідчий Бондар", "--for", "Слідчий Бондар"})
          .exit_code,
      64)
      << "nobody stands in for oneself";
  EXPECT_EQ(run("chief", {"unit", "deputy", "Відділ 5", "Слідчий Петро", "--for", "Слідчий Бондар"})
                .exit_code,
            64)
      << "nor for somebody who is not of the unit";
  expect_ok("chief", {"unit", "deputy", "Відділ 5", "Слідчий Бондар", "--for", "Слідча Поліція",
                      "--to", "2031-03-04"});
  expect_ok("chief", {"unit", "duty", "Відділ 5", "Слідчий Петро", "--off"});
  const json found = object("prosecutor", {"who", "відділ"});
  ASSERT_EQ(found["on_duty"].size(), 1u) << found;
  EXPECT_EQ(found["on_duty"][0]["name"], "Слідчий Бондар");
  EXPECT_EQ(found["on_duty"][0]["duty"], "deputy");
  expect_ok("chief", {"unit", "deputy", "Відділ 5", "Слідчий Бондар", "--off"});
  EXPECT_TRUE(object("prosecutor", {"who", "відділ"})["on_duty"].empty());
}

TEST_F(Units, a_6_a_blackout_is_declared_afterwards_and_everybody_sees_it) {
  const std::vector<std::string> declare{
      "agency", "out-of-service", "declare", "--reason", "blackout", "--from", "2026-01-05 18:00"};
  EXPECT_EQ(run("investigator", declare).exit_code, 77);
  EXPECT_EQ(
      run("chief", {"agency", "out-of-service", "declare", "--reason", "відпустка"}).exit_code, 64);
  const json declared = object("chief", declare);
  EXPECT_EQ(declared["to_ms"], 0);
  EXPECT_EQ(object("prosecutor", {"who", "відділ"})["out_of_service"], true);
  const json ended =
      object("chief", {"agency", "out-of-service", "end", "--at", "2026-01-07 07:30"});
  EXPECT_EQ(ended["interval"], declared["interval"]);
  EXPECT_EQ(ended["version"], 2);
  EXPECT_EQ(ended["to_ms"].get<std::uint64_t>() - ended["from_ms"].get<std::uint64_t>(),
            135'000'000u)
      << "37 hours and a half";
  EXPECT_EQ(object("prosecutor", {"who", "відділ"})["out_of_service"], false);
  const std::string seen = expect_ok("clerk", {"agency", "out-of-service", "list", "--all"}).out;
  EXPECT_TRUE(holds(seen, "05.01.2026 18:00")) << seen;
  EXPECT_EQ(run("prosecution-admin", {"agency", "out-of-service", "withdraw",
                                      declared["interval"].get<std::string>().substr(0, 8)})
                .exit_code,
            69)
      << "another agency's";
  const json withdrawn = object("chief", {"agency", "out-of-service", "withdraw",
                                          declared["interval"].get<std::string>().substr(0, 8)});
  EXPECT_EQ(withdrawn["withdrawn"], true);
}

TEST_F(Units, b_the_journal_agrees_with_all_of_it) {
  const Finished checked = deployment->oberihd("check");
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
}

}  // namespace
}  // namespace oberih::test
