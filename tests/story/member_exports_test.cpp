// SPDX-License-Identifier: Apache-2.0
// A prosecutor hands a channel to a court, and an auditor's export is interrupted again and again:
// nothing that bears the name of an export is less than whole.
#include <gtest/gtest.h>

#include <csignal>

#include "client-cli/verification/entry_sender.hpp"
#include "client-cli/verification/record_sender.hpp"
#include "tests/support/crew.hpp"

namespace oberih::test {
namespace {

namespace fs = std::filesystem;

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string value_of(const std::string& json, const std::string& key) {
  const auto from = json.find("\"" + key + "\":\"") + key.size() + 4;
  return json.substr(from, json.find('"', from) - from);
}

constexpr const char* secret_words = "Свідок живе на вулиці Садовій.";
constexpr const char* restricted_words = "Джерело просить не називати його.";
constexpr int many = 300;  // more than a bundle of leaves

class MemberExports : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    deployment_ = new Deployment({{"investigator", "police", "investigator", "Слідча Поліція"},
                                  {"prosecutor", "prosecution", "prosecutor", "Прокурор Одеса"},
                                  {"stranger", "prosecution", "prosecutor", "Прокурорка Київ"},
                                  {"auditor", "oversight", "auditor", "Аудиторка Нагляд"}},
                                 {}, "oberih-quick-passphrase",
                                 {{"police", "Національна поліція"},
                                  {"prosecution", "Одеська обласна прокуратура"},
                                  {"oversight", "Уповноважений з прав людини"}});
    ok("investigator", {"channel", "create", "--kind", "ordinary", "--title", "417"});
    ok("investigator", {"channel", "add", "417", "--person", "Прокурор Одеса"});
    ok("investigator", {"message", "post", "417", secret_words});
    ok("investigator", {"message", "post", "417", restricted_words, "--handling", "H1"});
    ok("prosecutor", {"message", "post", "417", "Прийнято."});
    channel_ = value_of(ok("investigator", {"channel", "list", "--json"}).out, "channel");
  }
  static void TearDownTestSuite() { delete deployment_; }

  static Finished ok(const std::string& profile, const std::vector<std::string>& arguments) {
    Finished finished = deployment_->oberih(profile, arguments);
    EXPECT_EQ(finished.exit_code, 0) << finished.out << finished.err;
    return finished;
  }
  static std::string file(const std::string& name) { return deployment_->folder() / name; }
  /// A machine that has never seen Oberih: no profile, no key, no server.
  static Finished verify_elsewhere(std::vector<std::string> arguments) {
    const TemporaryFolder home;
    arguments.insert(arguments.begin(), {OBERIH_BINARIES "/oberih", "verify"});
    return run_process(arguments, {{"HOME", home.path()},
                                   {"OBERIH_HOME", home.path() / "none"},
                                   {"OBERIH_PROFILE", ""},
                                   {"LC_ALL", "C.UTF-8"}});
  }
  static Finished export_all(const std::string& name) {
    return deployment_->oberih("auditor",
                               {"audit", "export", "--all", "--out", file(name), "--json"});
  }
  static void expect_whole(const std::string& name, const Finished& made) {
    ASSERT_EQ(made.exit_code, 0) << made.err;
    const Finished verified =
        verify_elsewhere({file(name), "--genesis", value_of(made.out, "genesis")});
    EXPECT_EQ(verified.exit_code, 0) << verified.err;
    EXPECT_FALSE(fs::exists(file(name + ".unfinished")));
    EXPECT_FALSE(fs::exists(file(name + ".making")));
  }

  static Deployment* deployment_;
  static std::string channel_;
};
Deployment* MemberExports::deployment_ = nullptr;
std::string MemberExports::channel_;

TEST_F(MemberExports, a_member_hands_a_channel_to_a_court) {
  const Finished made =
      ok("prosecutor", {"channel", "export", "417", "--texts", "--out", file("417.tar"), "--json"});
  EXPECT_TRUE(holds(made.err, "handling code")) << made.err;
  const std::string genesis = value_of(made.out, "genesis");
  const Finished verified = verify_elsewhere({file("417.tar"), "--genesis", genesis});
  EXPECT_EQ(verified.exit_code, 0) << verified.err;
  for (const char* part : {"VERIFIED", "made by a member", "PROVEN", "ASSERTED BY THE SERVER ALONE",
                           "NOT SHOWN", "which a member does not have", "Слідча Поліція",
                           "Прокурор Одеса", "complete from 1 to", secret_words, "Прийнято."})
    EXPECT_TRUE(holds(verified.out, part)) << part << "\n" << verified.out;
  EXPECT_FALSE(holds(verified.out, restricted_words));
  EXPECT_FALSE(holds(verified.out, "Аудиторка Нагляд"));
  const Finished json = verify_elsewhere({file("417.tar"), "--genesis", genesis, "--json"});
  EXPECT_TRUE(holds(json.out, "\"form\":\"excerpt\"")) << json.out;

  // It is in the journal, and an auditor sees who made it.
  EXPECT_EQ(deployment_->sql("SELECT count(*) FROM journal WHERE kind = 6").out, "1\n");
  const Finished found =
      ok("auditor", {"audit", "find", "--channel", channel_, "--kind", "export"});
  EXPECT_TRUE(holds(found.out, "Прокурор Одеса")) << found.out;
  const Finished checked = deployment_->oberihd("check");
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;

  std::string patched = read_file(file("417.tar"));
  const auto place = patched.find("Прокурор");
  ASSERT_NE(place, std::string::npos);
  patched[place + 1] = static_cast<char>(patched[place + 1] ^ 1);
  write_file(file("patched.tar"), patched);
  EXPECT_EQ(verify_elsewhere({file("patched.tar"), "--genesis", genesis}).exit_code, 65);
}

TEST_F(MemberExports, b_without_texts_or_without_a_seat_nothing_is_opened) {
  const Finished made =
      ok("investigator", {"channel", "export", "417", "--out", file("plain"), "--json"});
  const Finished verified =
      verify_elsewhere({file("plain"), "--genesis", value_of(made.out, "genesis"), "--json"});
  EXPECT_EQ(verified.exit_code, 0) << verified.err;
  EXPECT_TRUE(holds(verified.out, "\"texts\":0")) << verified.out;
  for (const auto& [who, code] : {std::pair("stranger", 69), std::pair("auditor", 77)}) {
    const Finished refused =
        deployment_->oberih(who, {"channel", "export", channel_, "--out", file("theirs")});
    EXPECT_EQ(refused.exit_code, code) << refused.out << refused.err;
    EXPECT_FALSE(fs::exists(file("theirs")));
  }
  // Its author may give out what the handling code keeps from strangers.
  const Finished own =
      ok("investigator", {"channel", "export", "417", "--texts", "--out", file("own"), "--json"});
  EXPECT_TRUE(holds(verify_elsewhere({file("own"), "--genesis", value_of(own.out, "genesis")}).out,
                    restricted_words));
}

TEST_F(MemberExports, c_one_entry_is_proven_by_one_small_file) {
  const Finished made =
      ok("prosecutor", {"entry", "prove", "417#4", "--out", file("4.tlog-proof"), "--json"});
  const std::string key = value_of(made.out, "verifier_key");
  const Finished verified = verify_elsewhere({file("4.tlog-proof"), "--key", key});
  EXPECT_EQ(verified.exit_code, 0) << verified.err;
  for (const char* part : {"VERIFIED", "PROVEN", "ASSERTED", "NOT SHOWN", channel_.c_str()})
    EXPECT_TRUE(holds(verified.out, part)) << part << "\n" << verified.out;
  ok("investigator", {"verify", file("4.tlog-proof")});  // whose directory names the key
  EXPECT_EQ(verify_elsewhere({file("4.tlog-proof")}).exit_code, 64);
  std::string patched = read_file(file("4.tlog-proof"));
  patched[patched.find("index ") + 6] ^= 1;
  write_file(file("patched.tlog-proof"), patched);
  EXPECT_EQ(verify_elsewhere({file("patched.tlog-proof"), "--key", key}).exit_code, 65);
}

TEST_F(MemberExports, d_what_a_killed_export_left_is_no_export_and_is_gone_on_with) {
  {
    Crew crew(*deployment_);
    CrewMember& chatty = crew.enrol("police", Role::investigator);
    require(chatty.session->connect());
    const ChannelId id = require(
        client::RecordSender(*chatty.session).create({ChannelKind::ordinary, History::full, 1}));
    client::VerifiedChannel channel = chatty.channel(id);
    require(chatty.session->pull(channel));
    for (int i = 0; i < many; ++i) require(chatty.post(channel, "Рядок " + std::to_string(i)));
  }
  const std::string genesis = value_of(export_all("before").out, "genesis");
  for (int signal : {SIGKILL, SIGINT}) {
    const std::string name = "killed" + std::to_string(signal);
    fs::remove_all(file(name));
    auto run = deployment_->oberih_in_background(
        "auditor", {"audit", "export", "--all", "--out", file(name)}, name + ".txt");
    while (run->is_running() && !fs::exists(file(name + ".unfinished") + "/leaves"))
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    const int ended = run->stop(signal);
    if (ended == 0) EXPECT_TRUE(fs::exists(file(name)));
    if (fs::exists(file(name))) {  // it was faster
      EXPECT_EQ(verify_elsewhere({file(name), "--genesis", genesis}).exit_code, 0);
      continue;
    }
    expect_whole(name, export_all(name));
  }
}

// What lies there may be short, changed, or of another time: it is used where it is good.
TEST_F(MemberExports, e_leaves_that_are_there_are_proven_like_those_that_come) {
  expect_whole("first", export_all("first"));
  const auto leave = [&](const std::string& name) {
    fs::copy(file("first"), file(name + ".unfinished"), fs::copy_options::recursive);
    return file(name + ".unfinished") + "/leaves/000";
  };
  leave("good");
  const Finished good = export_all("good");
  EXPECT_TRUE(holds(good.err, "256")) << good.err;
  expect_whole("good", good);

  fs::resize_file(leave("short"), 1'000);
  const Finished cut = export_all("short");
  EXPECT_FALSE(holds(cut.err, "256")) << cut.err;
  expect_whole("short", cut);

  const std::string bundle = leave("changed");
  std::string bytes = read_file(bundle);
  bytes[bytes.size() - 10] ^= 1;
  write_file(bundle, bytes);
  expect_whole("changed", export_all("changed"));

  fs::create_directory(file("mine.unfinished"));
  write_file(file("mine.unfinished") + "/notes.txt", "mine");
  EXPECT_EQ(export_all("mine").exit_code, 64);
  EXPECT_EQ(read_file(file("mine.unfinished") + "/notes.txt"), "mine");

  leave("zeros");
  write_file(file("zeros.unfinished") + "/leaves/000", std::string(100'000, '\0'));
  expect_whole("zeros", export_all("zeros"));
}

}  // namespace
}  // namespace oberih::test
