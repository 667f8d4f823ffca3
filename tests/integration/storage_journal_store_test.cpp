// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "protocol/crypto/random_bytes.hpp"
#include "server/storage/journal_store.hpp"
#include "server/storage/serving_lock.hpp"
#include "server/storage/sql_text.hpp"
#include "tests/support/journal_builder.hpp"
#include "tests/support/postgres_fixture.hpp"

namespace oberih::test {
namespace {

using application::Batch;
using application::CommitOutcome;
using application::JournalRow;
using storage::PostgresJournalStore;

/// Holds the head's row, as another process in the middle of a batch does.
class HeldHead {
 public:
  explicit HeldHead(const PostgresDatabase& database)
      : session_(database.settings(), storage::DatabaseRole::owner) {
    session_.run_script("BEGIN; SELECT size FROM journal_head FOR UPDATE");
  }
  void move_on_and_release() {
    session_.run_script("UPDATE journal_head SET size = size + 1; COMMIT");
  }
  void release() { session_.run_script("ROLLBACK"); }

 private:
  storage::DatabaseSession session_;
};

class JournalStoreTest : public testing::Test {
 protected:
  std::unique_ptr<PostgresJournalStore> make_store() {
    return std::make_unique<PostgresJournalStore>(
        database_.settings(), [this](const std::string& sentence) { reports_ += sentence + "\n"; });
  }
  void append_all() { ASSERT_EQ(store_->append(builder_.take_batch()), CommitOutcome::committed); }
  /// Ends every writer's backend, as a restart of PostgreSQL would.
  void kill_writers() {
    database_.run_as_superuser(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE usename = 'oberih_writer' AND datname = current_database()");
  }
  /// Until this many writers stand in the queue for the head's row.
  void wait_for_waiting_writers(int writers) {
    const char* waiting =
        "SELECT count(*) FROM pg_stat_activity WHERE usename = 'oberih_writer' "
        "AND datname = current_database() AND wait_event_type = 'Lock'";
    while (database_.ask("oberih_superuser", waiting) != std::to_string(writers))
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  std::string count(const std::string& table) {
    return database_.ask("oberih_reader", "SELECT count(*) FROM " + table);
  }

  PostgresDatabase database_;
  std::string reports_;
  std::unique_ptr<PostgresJournalStore> store_ = make_store();
  JournalBuilder builder_;
};

TEST_F(JournalStoreTest, a_new_database_has_an_empty_head) {
  application::JournalHead head = store_->load_head();
  EXPECT_EQ(head.size, 0u);
  EXPECT_EQ(head.frontier, journal::MerkleFrontier().encode());
  EXPECT_FALSE(store_->load_newest_checkpoint());
}

TEST_F(JournalStoreTest, what_is_appended_is_loaded_byte_for_byte) {
  ChannelId channel = builder_.open_channel();
  builder_.post(channel, builder_.investigator(), std::string("NUL \0 inside", 12));
  std::uint64_t left = builder_.leave(channel, builder_.colleague());
  Batch batch = builder_.take_batch();
  ASSERT_EQ(store_->append(batch), CommitOutcome::committed);

  application::JournalHead head = store_->load_head();
  EXPECT_EQ(head.size, batch.head.size);
  EXPECT_EQ(head.frontier, batch.head.frontier);
  EXPECT_EQ(head.server_ms, batch.head.server_ms);
  EXPECT_EQ(head.directory_count, 6u);
  EXPECT_EQ(head.directory_leaf, batch.head.directory_leaf);

  std::vector<JournalRow> structure;
  store_->load_structure(0, head.size, [&](const JournalRow& row) { structure.push_back(row); });
  ASSERT_EQ(structure.size(), 9u);  // 6 of the directory, 2 records, the leave; no message
  EXPECT_EQ(structure.back().index, left);
  for (const JournalRow& row : structure) {
    const JournalRow& written = batch.rows.at(row.index);
    EXPECT_EQ(row.leaf, written.leaf);
    EXPECT_EQ(row.leaf_hash, written.leaf_hash);
    EXPECT_EQ(row.kind, written.kind);
    EXPECT_EQ(row.channel, written.channel);
    EXPECT_EQ(row.channel_seq, written.channel_seq);
    EXPECT_EQ(row.server_ms, written.server_ms);
  }
  EXPECT_EQ(count("ciphertext"), "1");  // a leave has no body
  EXPECT_EQ(database_.ask("oberih_reader", "SELECT encode(ciphertext, 'hex') FROM ciphertext"),
            storage::to_hex(batch.entries.front().ciphertext));
  EXPECT_EQ(database_.ask("oberih_reader", "SELECT count(*) FROM name_card WHERE name = 'Oksana'"),
            "1");
}

TEST_F(JournalStoreTest, structure_is_paged_without_gaps) {
  for (int channel = 0; channel < 150; ++channel) builder_.open_channel();
  append_all();
  std::uint64_t next = 3;
  store_->load_structure(3, 290, [&](const JournalRow& row) { EXPECT_EQ(row.index, next++); });
  EXPECT_EQ(next, 290u);
  int channels = 0;
  store_->load_channel_ends([&](const ChannelId&, std::uint64_t channel_seq, const Digest&) {
    EXPECT_EQ(channel_seq, 2u);
    ++channels;
  });
  EXPECT_EQ(channels, 150);
}

TEST_F(JournalStoreTest, heads_hashes_and_entries_are_found) {
  ChannelId channel = builder_.open_channel();
  MessageId id = crypto::random_id<MessageId>();
  builder_.post(channel, builder_.investigator(), "first");
  std::uint64_t index = builder_.post(channel, builder_.investigator(), "second", id);
  Batch batch = builder_.take_batch();
  ASSERT_EQ(store_->append(batch), CommitOutcome::committed);
  DeviceId sender = builder_.investigator().certificate.device;

  sealing::SenderHead head = store_->load_sender_head(channel, sender);
  EXPECT_EQ(head.sender_seq, 2u);
  EXPECT_EQ(head.message_hash, batch.entries.back().message_hash);
  EXPECT_EQ(head.seen_seq, 3u);
  EXPECT_EQ(store_->load_sender_head(channel, builder_.prosecutor().certificate.device).sender_seq,
            0u);
  EXPECT_EQ(store_->load_leaf_hash(channel, 4), batch.rows.back().leaf_hash);
  EXPECT_FALSE(store_->load_leaf_hash(channel, 5));
  EXPECT_FALSE(store_->load_leaf_hash(channel, UINT64_MAX));
  EXPECT_FALSE(store_->load_leaf_hash(channel, 0));

  std::optional<wire::FoundEntry> found = store_->load_entry(sender, id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->appended.index, index);
  EXPECT_EQ(found->appended.channel_seq, 4u);
  EXPECT_EQ(found->appended.leaf_hash, batch.rows.back().leaf_hash);
  EXPECT_EQ(found->appended.server_ms, batch.rows.back().server_ms);
  EXPECT_EQ(found->message_hash, batch.entries.back().message_hash);
  EXPECT_FALSE(store_->load_entry(builder_.prosecutor().certificate.device, id));
}

TEST_F(JournalStoreTest, checkpoints_are_kept_and_never_replaced) {
  append_all();
  application::StoredCheckpoint checkpoint = builder_.sign_checkpoint();
  store_->store_checkpoint(checkpoint);
  store_->store_checkpoint(checkpoint);
  EXPECT_EQ(store_->load_checkpoint_root(checkpoint.size), checkpoint.root);
  EXPECT_FALSE(store_->load_checkpoint_root(checkpoint.size + 1));
  EXPECT_FALSE(store_->load_checkpoint_root(UINT64_MAX));
  EXPECT_EQ(store_->load_newest_checkpoint()->note, checkpoint.note);
  checkpoint.root.bytes[0] ^= 1;
  EXPECT_THROW(store_->store_checkpoint(checkpoint), storage::DatabaseError);
}

TEST_F(JournalStoreTest, a_second_writer_is_told_that_the_head_moved) {
  append_all();
  auto other = make_store();
  ChannelId channel = builder_.open_channel();
  Batch mine = builder_.take_batch();
  EXPECT_EQ(other->append(mine), CommitOutcome::committed);
  EXPECT_EQ(store_->append(mine), CommitOutcome::head_moved);
  EXPECT_EQ(store_->load_head().size, mine.head.size);
  EXPECT_EQ(count("journal"), std::to_string(mine.head.size));
  EXPECT_FALSE(channel.is_zero());
}

TEST_F(JournalStoreTest, two_writers_at_once_never_both_win) {
  append_all();
  auto other = make_store();
  for (int round = 0; round < 30; ++round) {
    builder_.open_channel();
    Batch batch = builder_.take_batch();
    CommitOutcome first{}, second{};
    std::thread thread([&] { first = other->append(batch); });
    second = store_->append(batch);
    thread.join();
    EXPECT_EQ((first == CommitOutcome::committed) + (second == CommitOutcome::committed), 1);
    EXPECT_EQ((first == CommitOutcome::head_moved) + (second == CommitOutcome::head_moved), 1);
  }
  EXPECT_EQ(count("journal"), std::to_string(builder_.size()));
}

TEST_F(JournalStoreTest, a_writer_that_waited_for_the_head_sees_that_it_moved) {
  append_all();
  builder_.open_channel();
  Batch batch = builder_.take_batch();
  HeldHead held(database_);
  std::thread other([&] {
    wait_for_waiting_writers(1);
    held.move_on_and_release();
  });
  EXPECT_EQ(store_->append(batch), CommitOutcome::head_moved);
  other.join();
}

TEST_F(JournalStoreTest, a_head_locked_for_too_long_fails_the_batch) {
  append_all();
  builder_.open_channel();
  Batch batch = builder_.take_batch();
  storage::DatabaseSettings settings = database_.settings();
  settings.lock_timeout = std::chrono::milliseconds(300);
  std::string reports;
  PostgresJournalStore store(settings, [&](const std::string& sentence) { reports += sentence; });
  HeldHead held(database_);
  EXPECT_EQ(store.append(batch), CommitOutcome::failed);
  EXPECT_NE(reports.find("55P03"), std::string::npos) << reports;
  held.release();
  EXPECT_EQ(store.append(batch), CommitOutcome::committed);
}

TEST_F(JournalStoreTest, a_message_id_used_twice_rolls_the_whole_batch_back) {
  ChannelId channel = builder_.open_channel();
  MessageId id = crypto::random_id<MessageId>();
  builder_.post(channel, builder_.investigator(), "once", id);
  append_all();
  builder_.post(channel, builder_.prosecutor(), "innocent");
  builder_.post(channel, builder_.investigator(), "twice", id);
  EXPECT_EQ(store_->append(builder_.take_batch()), CommitOutcome::message_id_reused);
  EXPECT_EQ(count("entry"), "1");
  EXPECT_EQ(store_->load_head().size, 9u);
}

TEST_F(JournalStoreTest, a_message_id_used_twice_is_the_members_doing_and_not_reported) {
  ChannelId channel = builder_.open_channel();
  MessageId id = crypto::random_id<MessageId>();
  builder_.post(channel, builder_.investigator(), "once", id);
  append_all();
  builder_.post(channel, builder_.investigator(), "twice", id);
  EXPECT_EQ(store_->append(builder_.take_batch()), CommitOutcome::message_id_reused);
  EXPECT_EQ(reports_, "");
}

TEST_F(JournalStoreTest, reports_name_the_cause_and_never_a_value) {
  ChannelId channel = builder_.open_channel();
  MessageId id = crypto::random_id<MessageId>();
  builder_.post(channel, builder_.investigator(), "once", id);
  append_all();
  builder_.post(channel, builder_.investigator(), "a place that is taken");
  Batch batch = builder_.take_batch();
  batch.entries.at(0).sender_seq = 1;
  EXPECT_EQ(store_->append(batch), CommitOutcome::failed);
  EXPECT_NE(reports_.find("23505"), std::string::npos) << reports_;
  EXPECT_EQ(reports_.find(storage::to_hex(id.view())), std::string::npos) << reports_;
  EXPECT_LT(reports_.size(), 400u);
}

TEST_F(JournalStoreTest, a_row_that_stands_already_fails_the_batch) {
  append_all();
  builder_.open_channel();
  Batch batch = builder_.take_batch();
  database_.run_as_superuser(
      "INSERT INTO journal VALUES (" + std::to_string(batch.rows.front().index) +
      ", 5, 1, decode(repeat('ab', 32), 'hex'), 1, decode(repeat('cd', 32), 'hex'), "
      "decode(repeat('ef', 100), 'hex'))");
  EXPECT_EQ(store_->append(batch), CommitOutcome::failed);
}

TEST_F(JournalStoreTest, a_renewed_name_card_replaces_the_old_one) {
  append_all();
  builder_.open_channel();
  Batch batch = builder_.take_batch();
  sealing::NameCard card{builder_.investigator().certificate.device, {}, "Оксана \"О'К\" {,}", ""};
  batch.name_cards = {card, card};
  EXPECT_EQ(store_->append(batch), CommitOutcome::committed);
  EXPECT_EQ(database_.ask("oberih_reader", "SELECT name FROM name_card WHERE languages = ''"),
            card.name);
}

TEST_F(JournalStoreTest, a_dead_connection_is_replaced_before_the_next_batch) {
  append_all();
  kill_writers();
  builder_.open_channel();
  EXPECT_EQ(store_->append(builder_.take_batch()), CommitOutcome::committed);
  kill_writers();
  EXPECT_EQ(store_->load_head().size, builder_.size());
}

TEST_F(JournalStoreTest, a_backend_killed_while_it_waits_writes_its_batch_once) {
  append_all();
  builder_.open_channel();
  Batch batch = builder_.take_batch();
  HeldHead held(database_);
  std::thread killer([&] {
    wait_for_waiting_writers(1);
    kill_writers();
    wait_for_waiting_writers(1);  // it has come back
    held.release();
  });
  EXPECT_EQ(store_->append(batch), CommitOutcome::committed);
  killer.join();
  EXPECT_NE(reports_, "");
  EXPECT_EQ(store_->load_head().size, batch.head.size);
  EXPECT_EQ(count("journal"), std::to_string(batch.head.size));
}

TEST_F(JournalStoreTest, backends_killed_all_the_time_lose_and_double_nothing) {
  ChannelId channel = builder_.open_channel();
  append_all();
  std::atomic<bool> stop{false};
  std::thread killer([&] {
    while (!stop) {
      kill_writers();
      std::this_thread::sleep_for(std::chrono::milliseconds(15));
    }
  });
  for (int round = 0; round < 60; ++round) {
    for (int post = 0; post < 20; ++post)
      builder_.post(channel, builder_.investigator(), "message " + std::to_string(post));
    Batch batch = builder_.take_batch();
    CommitOutcome outcome = store_->append(batch);
    while (outcome == CommitOutcome::failed) outcome = store_->append(batch);
    ASSERT_EQ(outcome, CommitOutcome::committed) << "round " << round << "\n" << reports_;
  }
  stop = true;
  killer.join();
  EXPECT_EQ(count("journal"), std::to_string(builder_.size()));
  EXPECT_EQ(count("entry"), "1200");
  EXPECT_EQ(store_->load_head().size, builder_.size());
}

TEST_F(JournalStoreTest, a_commit_whose_answer_was_lost_is_recognised) {
  append_all();
  builder_.open_channel();
  Batch batch = builder_.take_batch();
  // A twin commits the very same batch, as one's own backend would have; this store's connection is
  // cut while it waits behind it.
  auto twin = make_store();
  HeldHead held(database_);
  CommitOutcome twin_outcome{};
  std::thread twin_thread([&] { twin_outcome = twin->append(batch); });
  wait_for_waiting_writers(1);
  std::thread killer([&] {
    wait_for_waiting_writers(2);
    database_.run_as_superuser(  // the younger one: this store's
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = "
        "'oberih_writer' AND wait_event_type = 'Lock' ORDER BY query_start DESC LIMIT 1");
    held.release();
  });
  CommitOutcome outcome = store_->append(batch);
  killer.join();
  twin_thread.join();
  EXPECT_NE(reports_, "");
  EXPECT_EQ(count("journal"), std::to_string(batch.head.size));
  // Each of the two finds the same leaves in their places, whoever's statement wrote them.
  EXPECT_EQ(outcome, CommitOutcome::committed);
  EXPECT_TRUE(twin_outcome == CommitOutcome::committed ||
              twin_outcome == CommitOutcome::head_moved);
}

TEST_F(JournalStoreTest, a_database_that_stays_away_leaves_the_outcome_unknown) {
  storage::DatabaseSettings settings = database_.settings();
  settings.reconnect_limit = std::chrono::milliseconds(700);
  PostgresJournalStore store(settings, nullptr);
  ASSERT_EQ(store.append(builder_.take_batch()), CommitOutcome::committed);
  builder_.open_channel();
  Batch batch = builder_.take_batch();
  HeldHead held(database_);
  std::thread closer([&] {
    wait_for_waiting_writers(1);
    database_.run_as_superuser("ALTER DATABASE " + database_.name() + " CONNECTION LIMIT 0");
    kill_writers();
  });
  EXPECT_EQ(store.append(batch), CommitOutcome::unknown);
  closer.join();
  EXPECT_EQ(store.append(batch), CommitOutcome::failed);  // not even sent
  EXPECT_THROW(store.load_head(), std::runtime_error);
  database_.run_as_superuser("ALTER DATABASE " + database_.name() + " CONNECTION LIMIT -1");
  held.release();
  EXPECT_EQ(store.append(batch), CommitOutcome::committed);
}

TEST_F(JournalStoreTest, a_store_refuses_a_database_that_may_lose_what_it_confirmed) {
  database_.run_as_superuser("ALTER ROLE oberih_writer IN DATABASE " + database_.name() +
                             " SET synchronous_commit = off");
  EXPECT_THROW(make_store(), storage::DatabaseError);
}

TEST_F(JournalStoreTest, one_process_serves_at_a_time) {
  auto lock = std::make_unique<storage::ServingLock>(database_.settings());
  EXPECT_EQ(lock->keep(), storage::ServingLockState::held);
  EXPECT_THROW(storage::ServingLock other(database_.settings()), storage::DatabaseError);
  kill_writers();
  EXPECT_EQ(lock->keep(), storage::ServingLockState::held);  // on a new connection
  EXPECT_THROW(storage::ServingLock other(database_.settings()), storage::DatabaseError);
  lock.reset();
  EXPECT_NO_THROW(storage::ServingLock other(database_.settings()));
}

TEST_F(JournalStoreTest, a_lock_that_another_took_is_told_from_a_database_that_is_away) {
  storage::ServingLock lock(database_.settings());
  kill_writers();
  storage::ServingLock other(database_.settings());
  EXPECT_EQ(lock.keep(), storage::ServingLockState::taken_by_another);
  EXPECT_EQ(other.keep(), storage::ServingLockState::held);
}

}  // namespace
}  // namespace oberih::test
