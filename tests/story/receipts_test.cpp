// SPDX-License-Identifier: Apache-2.0
// Who has received, opened and acknowledged what, as people see it; and what H2 holds back until
// its originator agrees.
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

class Receipts : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::vector<Officer> officers = Deployment::four_officers();
    officers.push_back({"head", "prosecution", "supervisor", "Керівниця Одеса"});
    deployment = std::make_unique<Deployment>(officers);
    expect_ok("investigator", {"channel", "create", "--kind", "case", "--title", "88"});
    expect_ok("investigator", {"channel", "add", "88", "--device", device("prosecutor"),
                               "--mandate", "Постанова 88/1"});
    // The prosecutor has read what was there.
    expect_ok("prosecutor", {"message", "read", "88"});
  }
  static void TearDownTestSuite() { deployment.reset(); }

  static std::string device(const std::string& profile) { return deployment->device_of(profile); }
  static Finished expect_ok(const std::string& profile, const std::vector<std::string>& arguments) {
    Finished finished = deployment->oberih(profile, arguments);
    EXPECT_EQ(finished.exit_code, 0) << finished.out << finished.err;
    return finished;
  }
  static std::vector<json> objects(const std::string& profile, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "--json");
    std::istringstream out(expect_ok(profile, arguments).out);
    std::vector<json> all;
    for (std::string line; std::getline(out, line);) all.push_back(json::parse(line));
    return all;
  }
  /// The first object of `--json` output; null where there is none.
  static json object(const std::string& profile, std::vector<std::string> arguments) {
    const std::vector<json> all = objects(profile, std::move(arguments));
    return all.empty() ? json() : all.front();
  }
  static std::string post(const std::string& profile, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"message", "post", "88"});
    return "88#" + std::to_string(object(profile, arguments).value("channel_seq", 0));
  }

  static std::unique_ptr<Deployment> deployment;
  static inline std::string summons, source, request;
};
std::unique_ptr<Deployment> Receipts::deployment;

TEST_F(Receipts, a_1_nobody_has_received_what_was_just_posted) {
  summons = post("investigator", {"Завтра о десятій", "--ask-acknowledgement", "--ask-receipt"});
  const json line = object("investigator", {"receipts", summons});
  EXPECT_TRUE(line.at("delivered").is_null()) << line;
  EXPECT_TRUE(line.at("opened").is_null()) << line;
  EXPECT_TRUE(line.at("acknowledged").is_null()) << line;
}

TEST_F(Receipts, a_2_a_program_that_reads_delivers_and_opens_nothing) {
  deployment->oberih("prosecutor", {"--json", "message", "read", "88"});
  const json line = object("investigator", {"receipts", summons});
  EXPECT_EQ(line.at("delivered").at("signed_by_device").at("device"), device("prosecutor"));
  EXPECT_TRUE(line.at("delivered").at("asserted_by_server").at("proven").get<bool>()) << line;
  EXPECT_TRUE(line.at("opened").is_null()) << line;
}

TEST_F(Receipts, a_3_what_was_shown_offline_is_told_at_the_next_connection) {
  const std::string shown = expect_ok("prosecutor", {"message", "read", "88", "--offline"}).out;
  EXPECT_TRUE(holds(shown, "[wants your acknowledgement]")) << shown;
  EXPECT_TRUE(object("investigator", {"receipts", summons}).at("opened").is_null());
  expect_ok("prosecutor", {"status"});
  const json line = object("investigator", {"receipts", summons});
  EXPECT_EQ(line.at("opened").at("signed_by_device").at("device"), device("prosecutor")) << line;
  EXPECT_TRUE(line.at("acknowledged").is_null()) << "opened stands in for nothing";
}

TEST_F(Receipts, a_4_the_inbox_says_what_wants_an_acknowledgement_and_what_to_type) {
  const std::string urgent =
      post("investigator", {"Негайно", "--ask-acknowledgement", "--urgent"}).substr(2);
  const std::string shown = expect_ok("prosecutor", {"inbox"}).out;
  EXPECT_TRUE(holds(shown, "urgent: your acknowledgement")) << shown;
  EXPECT_FALSE(holds(shown, "Негайно")) << "nothing is opened by looking here";
  const std::vector<json> all = objects("prosecutor", {"inbox"});
  ASSERT_EQ(all.size(), 2u) << shown;
  EXPECT_EQ(all[0].at("channel_seq"), std::stoi(urgent.substr(1))) << "urgent first";
  EXPECT_EQ(all[1].at("channel_seq"), std::stoi(summons.substr(3)));
  EXPECT_EQ(all[1].at("needs"), "acknowledgement");
  EXPECT_EQ(objects("prosecutor", {"inbox", "--offline"}), all);
  EXPECT_EQ(objects("prosecutor", {"inbox", "--channel", "88"}), all);
  EXPECT_TRUE(objects("investigator", {"inbox"}).empty()) << "nobody waits for oneself";
  // What it says to type is what one types.
  std::istringstream typed(all[0].at("command").get<std::string>());
  std::vector<std::string> words;
  for (std::string word; typed >> word;) words.push_back(word);
  ASSERT_EQ(words.at(0), "oberih");
  expect_ok("prosecutor", {words.begin() + 1, words.end()});
  EXPECT_EQ(objects("prosecutor", {"inbox"}).size(), 1u);
}

TEST_F(Receipts, a_5_a_person_acknowledges_and_it_cannot_be_done_for_oneself) {
  EXPECT_EQ(deployment->oberih("investigator", {"entry", "acknowledge", summons}).exit_code, 77);
  expect_ok("prosecutor", {"entry", "acknowledge", summons, "--understood"});
  expect_ok("prosecutor", {"entry", "acknowledge", summons, "--cannot", "відпустка"});
  const json line = object("investigator", {"receipts", summons});
  EXPECT_FALSE(line.at("acknowledged").is_null()) << line;
  ASSERT_EQ(line.at("acknowledgements").size(), 2u) << line;
  EXPECT_EQ(line.at("acknowledgements").at(0).at("kind"), "understood");
  EXPECT_EQ(line.at("acknowledgements").at(1).at("remark"), "відпустка");
  EXPECT_TRUE(holds(expect_ok("prosecutor", {"inbox"}).out, "Nothing needs you."));
  const std::string ladder = expect_ok("investigator", {"receipts", summons}).out;
  EXPECT_TRUE(holds(ladder, "відпустка")) << ladder;
  EXPECT_FALSE(
      holds(expect_ok("prosecutor", {"message", "read", "88"}).out, "wants your acknowledgement"));
  EXPECT_EQ(deployment->oberih("prosecutor", {"entry", "acknowledge", "88#1"}).exit_code, 69);
  EXPECT_EQ(deployment->oberih("prosecutor", {"entry", "acknowledge", "88"}).exit_code, 64);
}

TEST_F(Receipts, b_1_what_is_marked_is_shown_and_holds_strangers_back) {
  source = post("investigator", {"Джерело", "--code", "pre_trial_secrecy", "--urgent"});
  const std::string shown = expect_ok("prosecutor", {"message", "read", "88"}).out;
  EXPECT_TRUE(holds(shown, "[H2 TLP:AMBER] [urgent] [wants your acknowledgement] Джерело"))
      << shown;
  const Finished refused = deployment->oberih(
      "investigator",
      {"channel", "add", "88", "--device", device("caseworker"), "--mandate", "Угода 5"});
  EXPECT_EQ(refused.exit_code, 77) << refused.out << refused.err;
  EXPECT_TRUE(holds(refused.err, "entry " + source.substr(3))) << refused.err;
  EXPECT_TRUE(holds(refused.err, "ask-originator")) << refused.err;
  EXPECT_EQ(
      deployment->oberih("investigator", {"message", "post", "88", "x", "--tlp", "pink"}).exit_code,
      64);
}

TEST_F(Receipts, b_2_it_is_not_forwarded_to_them_either) {
  expect_ok("investigator", {"channel", "create", "--kind", "working_group", "--title", "Група"});
  expect_ok("investigator", {"channel", "add", "Група", "--device", device("caseworker")});
  const Finished refused =
      deployment->oberih("investigator", {"message", "forward", source, "--to", "Група"});
  EXPECT_EQ(refused.exit_code, 77) << refused.out << refused.err;
  EXPECT_TRUE(holds(refused.err, "H2")) << refused.err;
  expect_ok("investigator", {"message", "forward", summons, "--to", "Група"});
  const std::string shown = expect_ok("caseworker", {"message", "read", "Група"}).out;
  EXPECT_TRUE(holds(shown, "[Forwarded from 88#")) << shown;
  EXPECT_TRUE(holds(shown, "Завтра о десятій")) << shown;
}

TEST_F(Receipts, b_3_the_originator_is_asked_and_agrees) {
  const json asked =
      object("prosecutor", {"entry", "ask-originator", source, "--for", device("caseworker")});
  request = "88#" + std::to_string(asked.at("channel_seq").get<int>());
  EXPECT_EQ(deployment->oberih("prosecutor", {"entry", "consent", request, "--yes"}).exit_code, 77);
  EXPECT_EQ(deployment->oberih("investigator", {"entry", "consent", request}).exit_code, 64);
  const std::vector<json> waiting = objects("investigator", {"inbox"});
  ASSERT_EQ(waiting.size(), 1u);
  EXPECT_EQ(waiting[0].at("needs"), "consent");
  EXPECT_EQ(waiting[0].at("entry"), std::stoi(source.substr(3)));
  // Who asked does not answer; what was urgent still wants to be acknowledged.
  const std::vector<json> elsewhere = objects("prosecutor", {"inbox"});
  ASSERT_EQ(elsewhere.size(), 1u);
  EXPECT_EQ(elsewhere[0].at("needs"), "acknowledgement");
  EXPECT_EQ(elsewhere[0].at("channel_seq"), std::stoi(source.substr(3)));
  expect_ok("investigator", {"entry", "consent", source, "--yes", "--remark", "до 1 грудня"});
  EXPECT_TRUE(holds(expect_ok("investigator", {"inbox"}).out, "Nothing needs you."));
  const std::string shown = expect_ok("prosecutor", {"message", "read", "88"}).out;
  EXPECT_TRUE(holds(shown, "до 1 грудня")) << shown;
  const json proposed = object("investigator", {"channel", "add", "88", "--device",
                                                device("caseworker"), "--mandate", "Угода 5"});
  ASSERT_TRUE(proposed.contains("proposal")) << proposed;
  expect_ok("prosecutor",
            {"channel", "approve", proposed.at("proposal").get<std::string>(), "--yes"});
  expect_ok("investigator", {"message", "forward", source, "--to", "Група"});
}

TEST_F(Receipts, c_1_who_skips_is_told_and_does_not_count_as_a_reader) {
  const std::string skipped = post("investigator", {"перше"});
  post("investigator", {"друге"});
  const Finished read = expect_ok("prosecutor", {"message", "read", "88", "--last", "1"});
  EXPECT_TRUE(holds(read.err, "never shown")) << read.err;
  EXPECT_TRUE(object("investigator", {"receipts", skipped}).at("opened").is_null());
}

TEST_F(Receipts, c_2_two_days_without_power_stand_beside_what_is_missing) {
  const std::string entry = post("investigator", {"Відповідь до завтра", "--ask-acknowledgement"});
  const json declared = object("head", {"agency", "out-of-service", "declare", "--reason",
                                        "blackout", "--from", "2026-01-05 18:00"});
  const auto of_prosecutor = [&entry] {
    std::istringstream out(expect_ok("investigator", {"--json", "receipts", entry}).out);
    for (std::string text; std::getline(out, text);)
      if (holds(text, "Прокурор Одеса")) return json::parse(text);
    return json();
  };
  json line = of_prosecutor();
  EXPECT_TRUE(line.at("delivered").is_null()) << "it removes no negative\n" << line;
  ASSERT_EQ(line.at("out_of_service").size(), 1u) << line;
  EXPECT_EQ(line.at("out_of_service").at(0).at("reason"), "blackout");
  const std::string shown = expect_ok("investigator", {"receipts", entry}).out;
  EXPECT_TRUE(holds(shown, "not yet")) << shown;
  EXPECT_TRUE(holds(shown, "05.01.2026 18:00")) << shown;
  EXPECT_TRUE(holds(shown, "no negligence")) << shown;
  // What had ended before the entry excuses nothing, nor does what was declared by mistake.
  expect_ok("head", {"agency", "out-of-service", "end", "--at", "2026-01-07 18:00"});
  line = of_prosecutor();
  EXPECT_TRUE(line.at("out_of_service").empty()) << line;
  expect_ok("head", {"agency", "out-of-service", "declare", "--reason", "blackout", "--from",
                     "2026-01-08 18:00"});
  expect_ok("head", {"agency", "out-of-service", "withdraw"});
  line = of_prosecutor();
  EXPECT_TRUE(line.at("out_of_service").empty()) << line;
  EXPECT_TRUE(holds(expect_ok("investigator", {"receipts", entry}).out, "not yet"));
}

TEST_F(Receipts, d_the_journal_agrees_with_all_of_it) {
  const Finished checked = deployment->oberihd("check");
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
  EXPECT_NE(deployment->sql("SELECT count(*) FROM receipt").out, "0\n");
}

}  // namespace
}  // namespace oberih::test
