// SPDX-License-Identifier: Apache-2.0
// The malicious administrator of the database: superuser, triggers disabled, hashes recomputed.
#include <gtest/gtest.h>

#include "server/storage/journal_checker.hpp"
#include "server/storage/journal_store.hpp"
#include "tests/support/journal_builder.hpp"
#include "tests/support/postgres_fixture.hpp"

namespace oberih::test {
namespace {

using storage::CheckReport;

class JournalCheckerTest : public testing::Test {
 protected:
  JournalCheckerTest() : store_(database_.settings(), nullptr) {
    commit();
    first_ = builder_.open_channel();
    second_ = builder_.open_channel();
    commit();
    for (int post = 0; post < 4; ++post) {
      builder_.post(first_, builder_.investigator(), "first " + std::to_string(post));
      builder_.post(second_, builder_.prosecutor(), "second " + std::to_string(post));
    }
    builder_.leave(second_, builder_.colleague());
    newest_ = commit();
  }

  application::StoredCheckpoint commit() {
    application::Batch batch = builder_.take_batch();
    EXPECT_EQ(store_.append(batch), application::CommitOutcome::committed);
    application::StoredCheckpoint checkpoint = builder_.sign_checkpoint();
    store_.store_checkpoint(checkpoint);
    return checkpoint;
  }
  CheckReport check() {
    storage::CheckOptions options;
    options.outside_checkpoint = newest_.note;
    options.genesis_hash = builder_.genesis_hash();
    return storage::check_journal(database_.settings(), options);
  }
  /// As an attacker who knows the schema.
  void tamper(const std::string& script) {
    database_.run_as_superuser(
        "ALTER TABLE journal DISABLE TRIGGER ALL; ALTER TABLE entry DISABLE TRIGGER ALL;"
        "ALTER TABLE checkpoint DISABLE TRIGGER ALL; ALTER TABLE journal_head DISABLE TRIGGER "
        "ALL;" +
        script +
        "; ALTER TABLE journal ENABLE ALWAYS TRIGGER append_only;"
        "ALTER TABLE entry ENABLE ALWAYS TRIGGER append_only;");
  }
  static std::string words(const CheckReport& report) {
    std::string text;
    for (const storage::Finding& finding : report.findings)
      text +=
          (finding.index ? std::to_string(*finding.index) : "-") + ": " + finding.sentence + "\n";
    return text;
  }
  void expect_finding(std::uint64_t index, std::string_view part) {
    CheckReport report = check();
    bool found = false;
    for (const storage::Finding& finding : report.findings)
      found |= finding.index == index && finding.sentence.find(part) != std::string::npos;
    EXPECT_TRUE(found) << "no finding at " << index << " with \"" << part << "\" in\n"
                       << words(report);
    EXPECT_LT(report.finding_count, 12u) << words(report);
  }
  static std::string rehash(std::uint64_t index) {
    return "UPDATE journal SET leaf_hash = sha256('\\x00'::bytea || leaf) WHERE journal_index = " +
           std::to_string(index) + ";";
  }
  static std::string flip_byte(std::uint64_t index, int offset) {
    std::string at = std::to_string(offset);
    return "UPDATE journal SET leaf = set_byte(leaf, " + at + ", get_byte(leaf, " + at +
           ") # 1) WHERE journal_index = " + std::to_string(index) + ";";
  }

  // Indices: 0 to 5 the directory, 6 to 9 records, 10 to 17 messages by turns, 18 the leave.
  PostgresDatabase database_;
  storage::PostgresJournalStore store_;
  JournalBuilder builder_;
  ChannelId first_, second_;
  application::StoredCheckpoint newest_;
};

TEST_F(JournalCheckerTest, an_honest_journal_is_sound) {
  CheckReport report = check();
  EXPECT_TRUE(report.is_sound()) << words(report);
  EXPECT_EQ(report.leaves, 19u);
  EXPECT_EQ(report.directory_leaves, 6u);
  EXPECT_EQ(report.channels, 2u);
  EXPECT_EQ(report.records, 4u);
  EXPECT_EQ(report.entries, 9u);
  EXPECT_EQ(report.ciphertexts, 8u);
  EXPECT_EQ(report.checkpoints, 3u);
  EXPECT_EQ(report.signed_size, 19u);
  EXPECT_EQ(report.root, newest_.root);
}

TEST_F(JournalCheckerTest, an_empty_database_is_sound) {
  PostgresDatabase empty;
  EXPECT_TRUE(storage::check_journal(empty.settings(), {}).is_sound());
}

TEST_F(JournalCheckerTest, leaves_after_the_newest_checkpoint_are_sound) {
  builder_.post(first_, builder_.prosecutor(), "not signed yet");
  ASSERT_EQ(store_.append(builder_.take_batch()), application::CommitOutcome::committed);
  CheckReport report = check();
  EXPECT_TRUE(report.is_sound()) << words(report);
  EXPECT_EQ(report.signed_size, 19u);
}

TEST_F(JournalCheckerTest, many_entries_are_walked_in_portions) {
  for (int post = 0; post < 450; ++post)
    builder_.post(first_, builder_.investigator(), std::string(post, 'x'));
  newest_ = commit();
  CheckReport report = check();
  EXPECT_TRUE(report.is_sound()) << words(report);
  EXPECT_EQ(report.entries, 459u);
}

// -- leaves -------------------------------------------------------------------------------------

TEST_F(JournalCheckerTest, a_changed_leaf_is_named) {
  tamper(flip_byte(12, 200));
  expect_finding(12, "does not have the hash that is stored");
}

TEST_F(JournalCheckerTest, a_leaf_changed_with_its_hash_is_named_by_its_signature) {
  tamper(flip_byte(12, 200) + rehash(12));
  expect_finding(12, "signature of the entry's sender does not verify");
  tamper(flip_byte(13, 86) + rehash(13));  // the header's version
  expect_finding(13, "The entry cannot be read");
}

TEST_F(JournalCheckerTest, a_record_changed_with_its_hash_is_named) {
  tamper(flip_byte(8, 86 + 4 + 150) + rehash(8));
  expect_finding(8, "signature of the record's author does not verify");
}

TEST_F(JournalCheckerTest, a_certificate_changed_with_its_hash_is_named) {
  tamper(flip_byte(4, 86 + 4 + 60) + rehash(4));
  expect_finding(4, "directory leaf is refused");
}

// server_ms is asserted by the server alone: only chains and signed checkpoints can tell.
TEST_F(JournalCheckerTest, a_time_changed_with_hash_and_column_is_named_by_its_successor) {
  tamper(flip_byte(12, 9) + rehash(12) +
         "UPDATE journal SET server_ms = ((server_ms / 2) * 2) + (1 - server_ms % 2) "
         "WHERE journal_index = 12;");
  expect_finding(12, "leaf 14, names another hash");
}

TEST_F(JournalCheckerTest, a_last_leaf_changed_with_hash_and_column_is_named_by_the_frontier) {
  tamper(flip_byte(18, 9) + rehash(18) +
         "UPDATE journal SET server_ms = ((server_ms / 2) * 2) + (1 - server_ms % 2) "
         "WHERE journal_index = 18;");
  expect_finding(18, "leaf 18 was changed");
}

TEST_F(JournalCheckerTest, a_column_that_differs_from_its_leaf_is_named) {
  tamper("UPDATE journal SET server_ms = server_ms + 1 WHERE journal_index = 11");
  expect_finding(11, "The row differs from the leaf itself: server_ms");
  tamper("UPDATE journal SET kind = 12 WHERE journal_index = 13");
  expect_finding(13, "The row differs from the leaf itself: kind");
}

TEST_F(JournalCheckerTest, a_deleted_row_is_named) {
  tamper("DELETE FROM journal WHERE journal_index = 13");
  expect_finding(13, "The leaf is missing");
}

TEST_F(JournalCheckerTest, a_row_deleted_everywhere_is_named) {
  tamper(
      "DELETE FROM journal WHERE journal_index IN (13, 14);"
      "DELETE FROM entry WHERE journal_index IN (13, 14);"
      "DELETE FROM ciphertext WHERE journal_index IN (13, 14)");
  expect_finding(13, "The leaves 13 to 14 are missing");
}

TEST_F(JournalCheckerTest, a_row_deleted_and_the_rest_moved_up_is_named) {
  tamper(
      "DELETE FROM journal WHERE journal_index = 13; DELETE FROM entry WHERE journal_index = 13;"
      "DELETE FROM ciphertext WHERE journal_index = 13;"
      "UPDATE journal SET journal_index = journal_index - 1 WHERE journal_index > 13;"
      "UPDATE entry SET journal_index = journal_index - 1 WHERE journal_index > 13;"
      "UPDATE ciphertext SET journal_index = journal_index - 1 WHERE journal_index > 13");
  expect_finding(14, "a leaf is missing");
  expect_finding(18, "the leaves from 18 on were dropped");
}

std::string swap(const std::string& table, int a, int b) {
  std::string first = std::to_string(a), second = std::to_string(b);
  return "UPDATE " + table + " SET journal_index = 1000000 WHERE journal_index = " + first + ";" +
         "UPDATE " + table + " SET journal_index = " + first + " WHERE journal_index = " + second +
         ";UPDATE " + table + " SET journal_index = " + second + " WHERE journal_index = 1000000;";
}

TEST_F(JournalCheckerTest, two_swapped_leaves_of_one_channel_are_named) {
  tamper(swap("journal", 12, 14));
  expect_finding(12, "missing, doubled or out of its place");
}

TEST_F(JournalCheckerTest, two_leaves_of_two_channels_swapped_everywhere_are_named) {
  tamper(swap("journal", 12, 13) + swap("entry", 12, 13) + swap("ciphertext", 12, 13));
  expect_finding(13, "Its time is before that of leaf 12");
  expect_finding(10, "one of the leaves 10 to 15 was changed, exchanged");
}

TEST_F(JournalCheckerTest, a_leaf_put_in_is_named) {
  tamper(
      "INSERT INTO journal SELECT 19, kind, server_ms, channel_id, channel_seq + 50, leaf_hash, "
      "leaf FROM journal WHERE journal_index = 16");
  expect_finding(19, "were put in");
}

TEST_F(JournalCheckerTest, another_genesis_is_named) {
  storage::CheckOptions options;
  options.genesis_hash = Digest{};
  CheckReport report = storage::check_journal(database_.settings(), options);
  ASSERT_EQ(report.finding_count, 1u) << words(report);
  EXPECT_EQ(report.findings[0].index, 0u);
}

// -- the tail -----------------------------------------------------------------------------------

const std::string drop_tail =
    "DELETE FROM journal WHERE journal_index >= 16; DELETE FROM entry WHERE journal_index >= 16;"
    "DELETE FROM ciphertext WHERE journal_index >= 16;";

TEST_F(JournalCheckerTest, a_dropped_tail_is_named_by_the_head) {
  tamper(drop_tail);
  expect_finding(16, "The head says 19 leaves");
}

TEST_F(JournalCheckerTest, a_tail_dropped_with_the_head_is_named_by_the_checkpoint) {
  tamper(drop_tail + "UPDATE journal_head SET size = 16");
  expect_finding(16, "A checkpoint was signed over 19 leaves");
}

TEST_F(JournalCheckerTest, a_tail_dropped_with_head_and_checkpoint_is_named_from_outside) {
  tamper(drop_tail + "UPDATE journal_head SET size = 16; DELETE FROM checkpoint WHERE size > 10");
  expect_finding(16, "The checkpoint outside of the database was signed over 19 leaves");
}

TEST_F(JournalCheckerTest, a_consistent_restore_of_an_older_state_is_found_from_outside_alone) {
  JournalBuilder other_times;
  PostgresDatabase restored;
  storage::PostgresJournalStore store(restored.settings(), nullptr);
  ASSERT_EQ(store.append(other_times.take_batch()), application::CommitOutcome::committed);
  store.store_checkpoint(other_times.sign_checkpoint());
  EXPECT_TRUE(storage::check_journal(restored.settings(), {}).is_sound());
  other_times.open_channel();
  storage::CheckOptions options;
  options.outside_checkpoint = other_times.sign_checkpoint().note;
  CheckReport report = storage::check_journal(restored.settings(), options);
  ASSERT_EQ(report.finding_count, 1u) << words(report);
  EXPECT_EQ(report.findings[0].index, 6u);
}

TEST_F(JournalCheckerTest, a_checkpoint_of_a_stranger_outside_is_reported) {
  JournalBuilder stranger;
  newest_ = stranger.sign_checkpoint();
  CheckReport report = check();
  EXPECT_EQ(report.finding_count, 1u) << words(report);
  EXPECT_NE(words(report).find("not signed by the journal"), std::string::npos);
}

// -- beside the journal -------------------------------------------------------------------------

TEST_F(JournalCheckerTest, a_changed_ciphertext_is_named) {
  tamper("UPDATE ciphertext SET ciphertext = set_byte(ciphertext, 20, 7) WHERE journal_index = 15");
  expect_finding(15, "The ciphertext is not the one that was signed");
}

TEST_F(JournalCheckerTest, swapped_and_missing_ciphertexts_are_named) {
  tamper(swap("ciphertext", 10, 11));
  expect_finding(10, "The ciphertext is not the one that was signed");
  tamper("DELETE FROM ciphertext WHERE journal_index = 12");
  expect_finding(12, "The ciphertext is missing");
  tamper("INSERT INTO ciphertext VALUES (18, decode(repeat('00', 32), 'hex'))");
  expect_finding(18, "An entry without a body has a ciphertext");
}

TEST_F(JournalCheckerTest, changed_and_missing_projections_are_named) {
  tamper("UPDATE entry SET sender_seq = 77 WHERE journal_index = 14");
  expect_finding(14, "differs from the signed leaf: sender_seq.");
  tamper("UPDATE entry SET message_hash = sha256('x') WHERE journal_index = 15");
  expect_finding(15, "differs from the signed leaf: message_hash.");
  tamper("DELETE FROM entry WHERE journal_index = 16");
  expect_finding(16, "row in the table entry is missing");
}

TEST_F(JournalCheckerTest, changed_wraps_and_boxes_are_named) {
  tamper("UPDATE epoch_wraps SET wraps = set_byte(wraps, 30, 7) WHERE journal_index = 6");
  expect_finding(6, "The stored wraps are not those of the record");
  tamper("UPDATE epoch_wraps SET prev_box = set_byte(prev_box, 3, 7) WHERE journal_index = 7");
  expect_finding(7, "The stored box of the previous key");
  tamper("DELETE FROM epoch_wraps WHERE journal_index = 8");
  expect_finding(8, "The stored wraps are not those of the record");
}

TEST_F(JournalCheckerTest, rows_beside_no_leaf_are_named) {
  tamper("INSERT INTO ciphertext VALUES (400, decode(repeat('00', 32), 'hex'))");
  expect_finding(400, "A row in the table ciphertext lies beside no leaf");
}

TEST_F(JournalCheckerTest, a_forged_name_card_is_named_by_its_certificate) {
  tamper("UPDATE name_card SET name = 'Somebody' WHERE name = 'Oksana'");
  expect_finding(3, "The name card is not the one that was certified");
  tamper("DELETE FROM name_card");
  EXPECT_TRUE(check().is_sound());
}

TEST_F(JournalCheckerTest, forged_checkpoints_and_heads_are_reported) {
  tamper("UPDATE checkpoint SET root = sha256('x') WHERE size = 10");
  EXPECT_NE(words(check()).find("another root in its column"), std::string::npos);
  tamper(
      "UPDATE checkpoint SET note = (SELECT note FROM checkpoint WHERE size = 6) WHERE size = 10");
  EXPECT_NE(words(check()).find("stored under another size"), std::string::npos);
  tamper("UPDATE journal_head SET directory_count = 7");
  EXPECT_NE(words(check()).find("The directory in journal_head is not the journal's"),
            std::string::npos);
  tamper("UPDATE journal_head SET frontier = set_byte(frontier, 20, 7)");
  EXPECT_NE(words(check()).find("frontier in journal_head differs"), std::string::npos);
}

TEST_F(JournalCheckerTest, columns_of_wrong_length_are_named) {
  tamper(
      "ALTER TABLE journal DROP CONSTRAINT journal_leaf_hash_check;"
      "UPDATE journal SET leaf_hash = '\\x00' WHERE journal_index = 11");
  expect_finding(11, "A column of the row has a wrong length");
}

TEST_F(JournalCheckerTest, a_doubled_index_is_named) {
  tamper(
      "ALTER TABLE journal DROP CONSTRAINT journal_pkey; DROP INDEX journal_channel_sequence;"
      "INSERT INTO journal SELECT * FROM journal WHERE journal_index = 11");
  expect_finding(11, "The index appears twice");
}

}  // namespace
}  // namespace oberih::test
