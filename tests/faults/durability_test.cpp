// SPDX-License-Identifier: Apache-2.0
// What an acknowledgement rests on: a flushed write-ahead log, a synchronous standby where one is
// configured, and one server at a time.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "protocol/encoding/hex.hpp"
#include "tests/faults/ground.hpp"
#include "tests/faults/poster.hpp"

namespace oberih::faults {
namespace {

namespace fs = std::filesystem;

class Durability : public testing::Test {
 protected:
  static void SetUpTestSuite() { ground_ = std::make_unique<Ground>(); }
  static void TearDownTestSuite() { ground_.reset(); }

  /// One after another, so that each has a commit of its own.
  static void post(Ledger& ledger, const Room& room, std::size_t count) {
    Poster poster(ground_->loop(), room, ground_->members()[0], ledger, 7);
    poster.run([&] { return ledger.intents().size() >= count; });
  }
  /// Waits, for what PostgreSQL tells comes late.
  static bool becomes(const DatabaseProcess& database, const std::string& statement,
                      const std::string& value) {
    for (int tries = 0; tries < 600; ++tries) {
      if (database.ask("oberih", statement) == value) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
  }

  static inline std::unique_ptr<Ground> ground_;
  test::TemporaryFolder folder_;
};

TEST_F(Durability, a_second_server_on_the_same_database_refuses_with_a_sentence) {
  const test::Finished second = ground_->deployment().oberihd("serve", {"--listen_port", "0"});
  EXPECT_EQ(second.exit_code, 75) << second.out << second.err;
  EXPECT_NE(second.err.find("Another oberihd serves this database"), std::string::npos)
      << second.err;
  EXPECT_TRUE(ground_->deployment().server().is_running());
}

TEST_F(Durability, the_write_ahead_log_is_flushed_for_every_commit) {
  const auto flushes = [] {
    return std::stoull(ground_->database().ask("oberih", "SELECT wal_sync FROM pg_stat_wal"));
  };
  constexpr std::size_t posts = 100;
  Room room = ground_->open_room();
  room.longest_pause_ms = 0;
  const auto before = flushes();
  Ledger ledger(folder_.path() / "poster");
  post(ledger, room, posts);
  // A backend hands its figures in when it ends.
  ground_->database().ask("oberih",
                          "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                          "WHERE usename = 'oberih_writer'");
  EXPECT_TRUE(becomes(ground_->database(),
                      "SELECT wal_sync >= " + std::to_string(before + posts) + " FROM pg_stat_wal",
                      "t"))
      << before << " before, " << flushes() << " after " << posts << " posts";
  std::printf("pg_stat_wal.wal_sync: %llu before, %llu after %zu posts\n", before, flushes(),
              posts);
}

/// A copy of the primary that follows it, in a folder of its own.
DatabaseProcess make_standby(Ground& ground) {
  const DatabaseProcess& primary = ground.database();
  std::ofstream(primary.cluster() / "data/oberih_hba.conf", std::ios::app)
      << "local  replication  all  peer map=oberih\n";
  primary.ask("postgres", "SELECT pg_reload_conf()");
  const fs::path folder = ground.deployment().folder() / "standby";
  fs::create_directory(folder);
  fs::create_directory(folder / "socket");
  if (geteuid() == 0) test::run_process({"chown", "-R", "oberih:", folder});
  auto backup = primary.command("pg_basebackup");
  for (const std::string& word :
       {std::string("-h"), (primary.cluster() / "socket").string(), std::string("-U"),
        std::string("oberih_superuser"), std::string("-R"), std::string("-c"), std::string("fast"),
        std::string("-D"), (folder / "data").string()})
    backup.push_back(word);
  const test::Finished made = test::run_process(backup);
  if (made.exit_code != 0) throw std::runtime_error("pg_basebackup: " + made.err);
  std::ofstream(folder / "data/postgresql.auto.conf", std::ios::app)
      << "unix_socket_directories = '" << (folder / "socket").string() << "'\n";
  DatabaseProcess standby(folder);
  standby.start();
  return standby;
}

TEST_F(Durability, an_acknowledged_post_is_on_the_synchronous_standby_when_the_primary_dies) {
  const DatabaseProcess standby = make_standby(*ground_);
  const DatabaseProcess& primary = ground_->database();
  primary.ask("postgres", "ALTER SYSTEM SET synchronous_standby_names = '*'");
  primary.ask("postgres", "SELECT pg_reload_conf()");
  ASSERT_TRUE(becomes(primary, "SELECT sync_state FROM pg_stat_replication", "sync"));

  const Room room = ground_->open_room();
  Ledger ledger(folder_.path() / "poster");
  post(ledger, room, 50);
  primary.kill();
  ASSERT_EQ(standby.ask("oberih", "SELECT pg_promote()"), "t");
  for (const auto& [sender_seq, outcome] : ledger.outcomes()) {
    ASSERT_TRUE(outcome.acknowledged);
    EXPECT_EQ(standby.ask("oberih",
                          "SELECT encode(leaf_hash, 'hex') FROM journal WHERE "
                          "journal_index = " +
                              std::to_string(outcome.acknowledged->index)),
              encoding::encode_hex(outcome.acknowledged->leaf_hash))
        << "entry " << sender_seq;
  }
  EXPECT_EQ(ledger.outcomes().size(), 50u);
  standby.stop("immediate");
}

}  // namespace
}  // namespace oberih::faults
