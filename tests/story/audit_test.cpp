// SPDX-License-Identifier: Apache-2.0
// A message is leaked: an auditor finds who has read it, and is seen to have asked.
#include <gtest/gtest.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support/deployment.hpp"

namespace oberih::test {
namespace {

using nlohmann::json;

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class Audit : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::vector<FoundingAgency> agencies = Deployment::four_agencies();
    agencies.push_back({"oversight", "Уповноважений"});
    std::vector<Officer> officers = Deployment::four_officers();
    officers.push_back({"auditor", "oversight", "auditor", "Аудиторка Ніна"});
    deployment = std::make_unique<Deployment>(officers, "", "oberih-quick-passphrase", agencies);
    expect_ok("investigator", {"channel", "create", "--kind", "case", "--title", "417"});
    expect_ok("investigator", {"channel", "add", "417", "--device",
                               deployment->device_of("prosecutor"), "--mandate", "Постанова 1"});
    expect_ok("investigator", {"message", "post", "417", "Адреса прихистку"});
    expect_ok("prosecutor", {"message", "read", "417"});
    channel = objects("investigator", {"channel", "list"}).at(0).at("channel");
    // Who stops writes down first what was read.
    deployment->stop_server(SIGTERM);
    deployment->start_server();
  }
  static void TearDownTestSuite() { deployment.reset(); }

  static Finished expect_ok(const std::string& profile, const std::vector<std::string>& arguments) {
    Finished finished = deployment->oberih(profile, arguments);
    EXPECT_EQ(finished.exit_code, 0) << finished.out << finished.err;
    return finished;
  }
  static std::vector<json> parse_lines(const std::string& text) {
    std::istringstream out(text);
    std::vector<json> all;
    for (std::string line; std::getline(out, line);) all.push_back(json::parse(line));
    return all;
  }
  static std::vector<json> objects(const std::string& profile, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "--json");
    return parse_lines(expect_ok(profile, arguments).out);
  }

  static std::unique_ptr<Deployment> deployment;
  static inline std::string channel;
};
std::unique_ptr<Deployment> Audit::deployment;

TEST_F(Audit, a_1_an_auditor_finds_who_read_the_history_of_a_channel) {
  const std::string shown =
      expect_ok("auditor", {"audit", "find", "--channel", channel, "--kind", "history"}).out;
  EXPECT_TRUE(holds(shown, "read the history, 1 to 4")) << shown;
  EXPECT_TRUE(holds(shown, channel.substr(0, 8) + " is " + channel)) << shown;
  EXPECT_TRUE(holds(shown, "Asked as journal entry ")) << shown;
  EXPECT_TRUE(holds(shown, "Shown and verified: ")) << shown;
  EXPECT_TRUE(holds(shown, "That nothing was left out is not proven here")) << shown;
  const std::vector<json> all =
      objects("auditor", {"audit", "find", "--channel", channel, "--kind", "history", "--count"});
  bool found = false;
  for (const json& row : all)
    found |= row.value("device", "") == deployment->device_of("prosecutor") &&
             row.value("from", 0) == 1 && row.value("to", 0) == 4;
  EXPECT_TRUE(found) << shown;
  EXPECT_EQ(all.back().value("count", 0), static_cast<int>(all.size()) - 2);
  EXPECT_TRUE(all[all.size() - 2].at("asked").at("proven").get<bool>());
}

TEST_F(Audit, a_2_what_devices_signed_is_found_as_well) {
  const std::string shown = expect_ok("auditor", {"audit", "find", "--kind", "receipt", "--device",
                                                  deployment->device_of("prosecutor").substr(0, 8)})
                                .out;
  EXPECT_TRUE(holds(shown, "opened everything up to 4")) << shown;
  const std::vector<json> posts = objects("auditor", {"audit", "find", "--kind", "message"});
  ASSERT_EQ(posts.size(), 3u) << "the title, the text, and where the question stands";
  EXPECT_EQ(posts[1].at("device"), deployment->device_of("investigator"));
  EXPECT_EQ(posts[1].at("role"), "investigator");
  EXPECT_EQ(posts[1].at("channel"), channel);
  EXPECT_EQ(posts[1].at("channel_seq"), 4);
}

TEST_F(Audit, a_3_the_questions_stand_in_the_journal) {
  const std::vector<json> asked = objects("auditor", {"audit", "find", "--kind", "find"});
  ASSERT_EQ(asked.size(), 5u) << "four questions before it, and where this one stands";
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_EQ(asked[i].at("device"), deployment->device_of("auditor"));
  const std::string checked = deployment->oberihd("check").out;
  EXPECT_TRUE(holds(checked, "5 questions of auditors")) << checked;
}

TEST_F(Audit, a_4_nobody_else_asks_and_wrong_words_are_told) {
  const Finished refused = deployment->oberih("investigator", {"audit", "find"});
  EXPECT_EQ(refused.exit_code, 77) << refused.err;
  for (const std::vector<std::string>& words : {std::vector<std::string>{"--channel", "7c01"},
                                                {"--kind", "gossip"},
                                                {"--role", "king"},
                                                {"--refusal", "no"},
                                                {"--from", "2026-11-25", "--to", "2026-11-24"},
                                                {"--limit", "0"},
                                                {"--handling", "H0"}}) {
    std::vector<std::string> arguments{"audit", "find"};
    arguments.insert(arguments.end(), words.begin(), words.end());
    EXPECT_EQ(deployment->oberih("auditor", arguments).exit_code, 64) << words[0];
  }
  const std::string none =
      expect_ok("auditor", {"audit", "find", "--to", "2020-01-01", "--lang", "uk"}).out;
  EXPECT_TRUE(holds(none, "Нічого не підходить.")) << none;
}

TEST_F(Audit, a_5_it_follows_as_the_journal_grows) {
  auto following = deployment->oberih_in_background(
      "auditor", {"--json", "audit", "find", "--kind", "message", "--follow", "--every", "1"},
      "following");
  ASSERT_TRUE(following->wait_for_output("\"asked\""));
  expect_ok("investigator", {"message", "post", "417", "Друге"});
  EXPECT_TRUE(following->wait_for_output("\"channel_seq\":5")) << "what came later";
}

}  // namespace
}  // namespace oberih::test
