// SPDX-License-Identifier: Apache-2.0
// The first story: an investigator, a prosecutor, a court and an NGO, and one case channel.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "tests/support/deployment.hpp"

namespace oberih::test {
namespace {

const std::string question = "Затримано двох підозрюваних. Потрібне погодження.";
const std::string answer = "Погоджено. Готуйте клопотання.";

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class CaseChannel : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    deployment = std::make_unique<Deployment>(Deployment::four_officers(), "", "oberih");
    expect_ok("investigator", {"channel", "create", "--kind", "case", "--title", "417"});
    expect_ok("investigator",
              {"channel", "add", "417", "--device", deployment->device_of("prosecutor"),
               "--mandate", "Постанова 417/1"});
  }
  static void TearDownTestSuite() { deployment.reset(); }

  static Finished expect_ok(const std::string& profile, const std::vector<std::string>& arguments) {
    Finished finished = deployment->oberih(profile, arguments);
    EXPECT_EQ(finished.exit_code, 0) << finished.out << finished.err;
    return finished;
  }
  static std::string channel_id() {
    const std::string shown = expect_ok("investigator", {"--json", "channel", "show", "417"}).out;
    const auto at = shown.find("\"channel\":\"");
    return shown.substr(at + 11, 64);
  }

  static std::unique_ptr<Deployment> deployment;
};
std::unique_ptr<Deployment> CaseChannel::deployment;

TEST_F(CaseChannel, a_follower_sees_a_post_and_its_answer_reaches_who_was_away) {
  auto follower =
      deployment->oberih_in_background("prosecutor", {"message", "follow", "417"}, "follow.out");
  expect_ok("investigator", {"message", "post", "417", question});
  EXPECT_TRUE(follower->wait_for_output(question)) << follower->output();
  expect_ok("prosecutor", {"message", "post", "417", answer});
  EXPECT_EQ(follower->stop(SIGINT), 0);

  const std::string read = expect_ok("investigator", {"message", "read", "417"}).out;
  const auto first = read.find(question);
  ASSERT_NE(first, std::string::npos) << read;
  EXPECT_LT(first, read.find(answer)) << read;
  EXPECT_EQ(read.find(question, first + 1), std::string::npos) << "shown twice: " << read;
  EXPECT_TRUE(holds(read, "Слідча Поліція")) << read;
  EXPECT_TRUE(holds(read, "Прокурор Одеса")) << read;
}

TEST_F(CaseChannel, who_is_not_on_the_roster_learns_nothing_not_even_that_it_exists) {
  const std::string id = channel_id();
  std::string other = id;
  other[0] = other[0] == '0' ? '1' : '0';
  const Finished existing = deployment->oberih("caseworker", {"message", "read", id});
  const Finished unknown = deployment->oberih("caseworker", {"message", "read", other});
  EXPECT_EQ(existing.exit_code, 69);
  EXPECT_EQ(existing.exit_code, unknown.exit_code);
  EXPECT_EQ(existing.out, unknown.out);
  EXPECT_EQ(existing.err, unknown.err);
  EXPECT_EQ(deployment->oberih("caseworker", {"message", "post", id, "?"}).exit_code, 69);
  EXPECT_FALSE(holds(expect_ok("caseworker", {"channel", "list"}).out, "417"));
}

TEST_F(CaseChannel, a_court_is_refused_a_seat_and_told_why) {
  const Finished added = deployment->oberih(
      "investigator", {"channel", "add", "417", "--device", deployment->device_of("clerk")});
  EXPECT_EQ(added.exit_code, 77) << added.out << added.err;
  EXPECT_TRUE(holds(added.err, "court")) << added.err;
  EXPECT_TRUE(holds(added.err, "defence")) << added.err;
}

TEST_F(CaseChannel, the_journal_agrees_with_its_checkpoint) {
  const Finished checked = deployment->oberihd("check");
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
}

TEST_F(CaseChannel, a_revoked_device_is_turned_away_and_the_others_go_on) {
  expect_ok("prosecution-admin",
            {"device", "revoke", deployment->device_of("prosecutor"), "--reason", "lost"});
  const Finished refused = deployment->oberih("prosecutor", {"message", "read", "417"});
  EXPECT_EQ(refused.exit_code, 77) << refused.out << refused.err;
  // Whoever sends next changes the key first, by itself (C4).
  expect_ok("investigator", {"message", "post", "417", "Ключ змінено."});
  const std::string shown = expect_ok("investigator", {"--json", "channel", "show", "417"}).out;
  EXPECT_FALSE(holds(shown, deployment->device_of("clerk"))) << shown;
}

TEST_F(CaseChannel, s_a_server_that_signs_no_checkpoint_is_an_alarm_for_who_follows) {
  auto follower =
      deployment->oberih_in_background("investigator", {"message", "follow", "417"}, "late.out");
  ASSERT_EQ(deployment->sql("REVOKE INSERT ON checkpoint FROM oberih_writer").exit_code, 0);
  expect_ok("investigator", {"message", "post", "417", "Чи стоїть це в журналі?"});
  EXPECT_TRUE(follower->wait_for_output("Чи стоїть це в журналі?")) << follower->output();
  EXPECT_TRUE(follower->wait_for_output("the server has not proven")) << follower->output();
  // The next command, too, knows what was confirmed and is not proven.
  const Finished later = deployment->oberih("investigator", {"message", "read", "417"});
  EXPECT_EQ(later.exit_code, 0) << later.err;
  EXPECT_TRUE(holds(later.err, "the server has not proven")) << later.err;

  ASSERT_EQ(deployment->sql("GRANT INSERT ON checkpoint TO oberih_writer").exit_code, 0);
  sleep(2);
  const Finished healed = expect_ok("investigator", {"message", "read", "417"});
  EXPECT_FALSE(holds(healed.err, "the server has not proven")) << healed.err;
  EXPECT_EQ(follower->stop(SIGINT), 0);
}

TEST_F(CaseChannel, t_a_tree_changed_beneath_the_server_is_refused_by_its_clients) {
  expect_ok("investigator", {"message", "post", "417", "Перед зміною."});
  sleep(2);  // a checkpoint follows, and this client is shown it
  expect_ok("investigator", {"message", "read", "417"});
  ASSERT_EQ(deployment
                ->sql("ALTER TABLE journal DISABLE TRIGGER USER;"
                      "CREATE TABLE kept AS SELECT * FROM journal WHERE journal_index = 1;"
                      "UPDATE journal SET leaf_hash = sha256(leaf_hash) WHERE journal_index = 1")
                .exit_code,
            0);
  expect_ok("investigator", {"message", "post", "417", "Після зміни."});
  sleep(2);
  const Finished refused = deployment->oberih("investigator", {"message", "read", "417"});
  EXPECT_EQ(refused.exit_code, 70) << refused.out << refused.err;
  EXPECT_TRUE(holds(refused.err, "evidence: ")) << refused.err;
  EXPECT_FALSE(std::filesystem::is_empty(deployment->profile_folder("investigator") / "evidence"));

  ASSERT_EQ(deployment
                ->sql("UPDATE journal SET leaf_hash = kept.leaf_hash FROM kept"
                      " WHERE journal.journal_index = 1; DROP TABLE kept")
                .exit_code,
            0);
  expect_ok("investigator", {"message", "read", "417"});
}

// Last: it breaks the journal.
TEST_F(CaseChannel, z_a_row_changed_by_a_superuser_is_named_by_its_index) {
  const std::string index =
      deployment->sql("SELECT max(journal_index) FROM journal WHERE kind = 5").out;
  ASSERT_FALSE(index.empty());
  const Finished changed = deployment->sql(
      "ALTER TABLE journal DISABLE TRIGGER USER;"
      "UPDATE journal SET leaf = set_byte(leaf, 200, get_byte(leaf, 200) # 1) "
      "WHERE journal_index = " +
      index);
  ASSERT_EQ(changed.exit_code, 0) << changed.err;
  const Finished checked = deployment->oberihd("check");
  EXPECT_NE(checked.exit_code, 0) << changed.err;
  EXPECT_TRUE(holds(checked.out + checked.err, index.substr(0, index.find('\n'))))
      << checked.out << checked.err;
}

}  // namespace
}  // namespace oberih::test
