// SPDX-License-Identifier: Apache-2.0
// An auditor asks for a grant, supervisors of two agencies approve it, a member executes it, the
// auditor reads what it opens and nothing else, everybody sees it, and it is withdrawn.
#include <gtest/gtest.h>

#include <fstream>
#include <future>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support/deployment.hpp"

namespace oberih::test {
namespace {

using nlohmann::json;

const std::string before = "Перед дозволом.";
const std::string inside = "У межах дозволу.";

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class Grants : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const std::vector<Officer> officers = {
        {"investigator", "police", "investigator", "Слідча Поліція"},
        {"prosecutor", "prosecution", "prosecutor", "Прокурор Одеса"},
        {"chief", "police", "supervisor", "Керівник Поліція"},
        {"head", "prosecution", "supervisor", "Керівниця Одеса"},
        {"auditor", "oversight", "auditor", "Аудиторка"}};
    deployment = std::make_unique<Deployment>(
        officers, "", "oberih-quick-passphrase",
        std::vector<FoundingAgency>{
            {"police", "Поліція"}, {"prosecution", "Прокуратура"}, {"oversight", "Уповноважений"}});
    expect_ok("investigator", {"channel", "create", "--kind", "case", "--title", "417"});
    expect_ok("investigator", {"message", "post", "417", before});
    expect_ok("investigator", {"channel", "add", "417", "--device",
                               deployment->device_of("prosecutor"), "--mandate", "417/1"});
    std::ofstream(deployment->folder() / "scan.txt") << "скан";
    expect_ok("prosecutor", {"message", "post", "417", inside, "--attach",
                             (deployment->folder() / "scan.txt").string()});
    channel = object("investigator", {"channel", "show", "417"})["channel"];
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
  static std::string out(const std::string& profile, const std::vector<std::string>& arguments) {
    return expect_ok(profile, arguments).out;
  }

  static std::unique_ptr<Deployment> deployment;
  static std::string channel, grant;
};
std::unique_ptr<Deployment> Grants::deployment;
std::string Grants::channel, Grants::grant;

TEST_F(Grants, a_0_without_a_grant_an_auditor_sees_leaves_and_opens_none) {
  const Finished closed = run("auditor", {"audit", "read", channel});
  EXPECT_EQ(closed.exit_code, 69);
  EXPECT_TRUE(holds(closed.err, "oberih audit request")) << closed.err;
  const std::string leaves = out("auditor", {"audit", "read", channel, "--metadata"});
  EXPECT_TRUE(holds(leaves, "sealed, not granted")) << leaves;
  EXPECT_FALSE(holds(leaves, inside)) << leaves;
  EXPECT_EQ(run("investigator", {"audit", "read", channel, "--metadata"}).exit_code, 77);
}

TEST_F(Grants, a_1_an_auditor_asks_and_supervisors_see_what_for) {
  EXPECT_EQ(run("auditor", {"audit", "request", channel, "--epochs", "2..3", "--until",
                            "2031-03-04", "--order", "5/2027", "--reason", "витік"})
                .exit_code,
            64)
      << "an epoch that does not exist";
  EXPECT_EQ(run("auditor", {"audit", "request", channel, "--all", "--until", "2020-03-04",
                            "--order", "5/2027", "--reason", "витік"})
                .exit_code,
            64)
      << "a day that is over";
  const json asked =
      object("auditor", {"audit", "request", channel, "--epochs", "2", "--until", "2031-03-04",
                         "--order", "5/2027", "--reason", "витік повідомлення"});
  grant = asked["proposal"].get<std::string>().substr(0, 8);
  const std::string shown = out("chief", {"grant", "list"});
  EXPECT_TRUE(holds(shown, "Аудиторка")) << shown;
  EXPECT_TRUE(holds(shown, "5/2027")) << shown;
  EXPECT_TRUE(holds(shown, "витік повідомлення")) << shown;
  EXPECT_TRUE(holds(shown, "04.03.2031") || holds(shown, "05.03.2031")) << shown;
  EXPECT_TRUE(holds(out("head", {"inbox"}), "oberih grant approve " + grant));
  EXPECT_TRUE(holds(out("auditor", {"grant", "list"}), grant));
}

TEST_F(Grants, a_2_two_agencies_approve_and_a_member_executes) {
  EXPECT_EQ(run("investigator", {"grant", "approve", grant, "--yes"}).exit_code, 77);
  expect_ok("chief", {"grant", "approve", grant, "--yes"});
  EXPECT_EQ(run("investigator", {"grant", "execute", grant}).exit_code, 77)
      << "one of two agencies";
  expect_ok("head", {"grant", "approve", grant, "--yes"});
  EXPECT_TRUE(holds(out("investigator", {"inbox"}), "oberih grant execute " + grant));
  // Two members at once, each with the program: it is given once. Whoever comes second finds
  // nothing that waits, or what they were about to do done.
  auto running = std::async(std::launch::async, [] {
    return run("prosecutor", {"grant", "execute", grant});
  });
  const Finished own = run("investigator", {"grant", "execute", grant});
  const Finished other = running.get();
  EXPECT_TRUE(own.exit_code == 0 || other.exit_code == 0) << own.err << other.err;
  for (const Finished& each : {own, other})
    EXPECT_TRUE(each.exit_code == 0 || each.exit_code == 69 ||
                holds(each.err, "no longer fits the channel"))
        << each.exit_code << each.out << each.err;
  EXPECT_EQ(deployment->sql("SELECT count(*) FROM journal WHERE kind = 4").out, "3\n")
      << "create, add, one grant";
  EXPECT_TRUE(holds(out("prosecutor", {"channel", "show", "417"}), "Аудиторка"));
  EXPECT_TRUE(holds(out("prosecutor", {"message", "read", "417"}), "[grant] Аудиторка"));
}

TEST_F(Grants, a_3_the_auditor_opens_the_granted_epoch_and_no_other) {
  const std::filesystem::path saved = deployment->folder() / "saved";
  std::filesystem::create_directory(saved);
  const std::string read =
      out("auditor", {"audit", "read", channel, "--save-attachments", saved.string()});
  EXPECT_TRUE(holds(read, inside)) << read;
  EXPECT_FALSE(holds(read, before)) << read;
  EXPECT_TRUE(holds(read, "sealed, not granted: epoch 1")) << read;
  std::string text;
  std::size_t files = 0;
  for (const auto& each : std::filesystem::directory_iterator(saved)) {
    ++files;
    std::ifstream scan(each.path());
    std::getline(scan, text);
  }
  EXPECT_EQ(files, 1u);
  EXPECT_EQ(text, "скан");
  bool is_opened = false;
  for (const json& each : objects("auditor", {"audit", "read", channel}))
    if (each.value("text", "") == inside) is_opened = each["seal"] == "opened" && each["granted"];
  EXPECT_TRUE(is_opened);
}

TEST_F(Grants, a_3_words_are_searched_in_what_is_opened_and_nowhere_else) {
  const std::string word = "МЕЖАХ ДОЗ";
  const Finished found = run("auditor", {"audit", "read", channel, "--text", word});
  EXPECT_EQ(found.exit_code, 0) << found.err;
  EXPECT_TRUE(holds(found.out, inside)) << found.out;
  EXPECT_TRUE(holds(found.err, "Found: 1.")) << found.err;
  for (const std::string& words : {before, std::string("слово, якого немає")}) {
    const Finished none = run("auditor", {"audit", "read", channel, "--text", words});
    EXPECT_EQ(none.exit_code, 0) << none.err;
    EXPECT_FALSE(holds(none.out, "[sealed")) << none.out;
    EXPECT_TRUE(holds(none.err, "Found: 0.")) << none.err;
  }
  EXPECT_EQ(run("auditor", {"audit", "read", channel, "--text", word, "--metadata"}).exit_code, 64);
}

TEST_F(Grants, a_4_what_was_granted_is_proven_to_somebody_who_holds_no_key) {
  const std::string tar = deployment->folder() / "leak.tar";
  EXPECT_EQ(run("auditor", {"audit", "export", "--all", "--texts", "--out", tar}).exit_code, 64);
  const json made =
      object("auditor", {"audit", "export", "--channel", channel, "--texts", "--out", tar});
  const TemporaryFolder home;
  const Finished verified = run_process(
      {OBERIH_BINARIES "/oberih", "verify", tar, "--genesis", made["genesis"].get<std::string>()},
      {{"HOME", home.path()}, {"OBERIH_HOME", home.path() / "none"}, {"LC_ALL", "C.UTF-8"}});
  EXPECT_EQ(verified.exit_code, 0) << verified.err;
  EXPECT_TRUE(holds(verified.out, inside)) << verified.out;
  EXPECT_FALSE(holds(verified.out, before)) << verified.out;
  EXPECT_TRUE(holds(verified.out, "5/2027")) << "by which order";
  EXPECT_TRUE(holds(verified.out, "looked at who did what, no content")) << "before the grant";
}

TEST_F(Grants, a_5_what_was_withdrawn_is_given_no_more) {
  EXPECT_EQ(run("prosecutor", {"grant", "withdraw", grant}).exit_code, 64) << "without a reason";
  expect_ok("prosecutor", {"grant", "withdraw", grant, "--reason", "перевірку закінчено"});
  expect_ok("chief", {"grant", "approve", grant, "--yes"});
  expect_ok("head", {"grant", "approve", grant, "--yes"});
  expect_ok("prosecutor", {"grant", "execute", grant});
  const Finished refused = run("auditor", {"audit", "read", channel});
  EXPECT_EQ(refused.exit_code, 77) << refused.out << refused.err;
  EXPECT_TRUE(holds(refused.err, "ended or was withdrawn")) << refused.err;
  EXPECT_TRUE(
      holds(out("investigator", {"message", "read", "417"}), "[grant withdrawn] Аудиторка"));
}

TEST_F(Grants, a_6_the_journal_agrees_and_holds_every_question) {
  const Finished checked = deployment->oberihd("check");
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
  const std::string asked = deployment->sql("SELECT count(*) FROM journal WHERE kind = 6").out;
  EXPECT_GE(std::stoi(asked), 4) << asked;
}

}  // namespace
}  // namespace oberih::test
