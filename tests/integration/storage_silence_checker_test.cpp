// SPDX-License-Identifier: Apache-2.0
// Entries that ask, in the database: found when they are due, and what the server said of silence
// judged again by the check, which sees receipts and alerts beside the channel.
#include <gtest/gtest.h>

#include "protocol/sealing/entry_facts.hpp"
#include "protocol/sealing/receipt.hpp"
#include "server/storage/journal_checker.hpp"
#include "server/storage/journal_store.hpp"
#include "tests/support/journal_builder.hpp"
#include "tests/support/postgres_fixture.hpp"

namespace oberih::test {
namespace {

using sealing::ReceiptStep;

class SilenceCheckerTest : public testing::Test {
 protected:
  SilenceCheckerTest() : store_(database_.settings(), nullptr) {
    commit();
    channel_ = builder_.open_channel();
    builder_.post_with(channel_, builder_.investigator(), EntryType::message,
                       sealing::encode_common_facts({{}, 1, 2}));
    asked_seq_ = 3;  // behind two records
  }
  sealing::MissingStep silence(EvidenceStep step, std::vector<const TestDevice*> people) const {
    return builder_.silence(channel_, asked_seq_, step, std::move(people));
  }
  void acknowledge(const TestDevice& device) {
    sealing::AcknowledgementFacts facts;
    facts.entry = {asked_seq_, silence(EvidenceStep::opened, {}).message_hash};
    facts.kind = sealing::AcknowledgementKind::received;
    builder_.post_with(channel_, device, EntryType::acknowledgement,
                       sealing::encode_acknowledgement_facts(facts));
  }
  void receive(const TestDevice& device, ReceiptStep step) {
    const sealing::Receipt receipt{channel_,
                                   device.certificate.device,
                                   step,
                                   asked_seq_,
                                   builder_.leaf_hash_at(channel_, asked_seq_),
                                   1};
    builder_.append_receipt(sealing::sign_receipt(receipt, crypto::Signer(device.signature_key)));
  }
  application::StoredCheckpoint commit() {
    EXPECT_EQ(store_.append(builder_.take_batch()), application::CommitOutcome::committed);
    application::StoredCheckpoint checkpoint = builder_.sign_checkpoint();
    store_.store_checkpoint(checkpoint);
    return checkpoint;
  }
  std::string findings() {
    note_ = commit().note;
    return check();
  }
  std::string check() const {
    storage::CheckOptions options;
    options.outside_checkpoint = note_;
    options.genesis_hash = builder_.genesis_hash();
    std::string text;
    for (const auto& finding : storage::check_journal(database_.settings(), options).findings)
      text += std::to_string(finding.index.value_or(0)) + ": " + finding.sentence + "\n";
    return text;
  }
  void expect_finding(std::uint64_t index, const std::string& part) {
    expect_named(findings(), index, part);
  }
  static void expect_named(const std::string& text, std::uint64_t index, const std::string& part) {
    EXPECT_TRUE(text.starts_with(std::to_string(index) + ": ")) << text;
    EXPECT_NE(text.find(part), std::string::npos) << text;
  }

  PostgresDatabase database_;
  storage::PostgresJournalStore store_;
  JournalBuilder builder_;
  ChannelId channel_;
  std::uint64_t asked_seq_ = 0;
  std::string note_;
};

TEST_F(SilenceCheckerTest, what_the_rules_permit_is_found_good) {
  builder_.announce(
      channel_, silence(EvidenceStep::delivered, {&builder_.colleague(), &builder_.prosecutor()}));
  receive(builder_.colleague(), ReceiptStep::opened);
  builder_.announce(channel_, silence(EvidenceStep::opened, {&builder_.prosecutor()}));
  acknowledge(builder_.prosecutor());
  builder_.announce(channel_, silence(EvidenceStep::acknowledged, {&builder_.colleague()}));
  EXPECT_EQ(findings(), "");
}

TEST_F(SilenceCheckerTest, rows_are_found_when_they_are_due_and_read_as_they_were_written) {
  acknowledge(builder_.prosecutor());
  const application::Batch batch = builder_.take_batch();
  ASSERT_EQ(store_.append(batch), application::CommitOutcome::committed);
  const application::AskedRow& row = batch.asked.at(0);
  EXPECT_TRUE(store_.load_due_asked(row.next_ms - 1, 10).empty());
  const auto due = store_.load_due_asked(row.next_ms, 10);
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].asked, row.asked);
  EXPECT_EQ(due[0].channel, channel_);
  EXPECT_EQ(due[0].looked_ms, row.looked_ms);
  EXPECT_EQ(store_.load_asked(channel_, asked_seq_)->asked, row.asked);
  EXPECT_FALSE(store_.load_asked(channel_, asked_seq_ + 1));
  EXPECT_FALSE(store_.load_asked(channel_, UINT64_MAX));
  // Moved alone, without a leaf.
  application::Batch moved;
  moved.expected_size = batch.head.size;
  moved.head = batch.head;
  moved.asked = {row};
  moved.asked[0].next_ms = 0;
  ASSERT_EQ(store_.append(moved), application::CommitOutcome::committed);
  EXPECT_TRUE(store_.load_due_asked(row.next_ms, 10).empty());
}

TEST_F(SilenceCheckerTest, how_far_receipts_reach_is_read_by_device_and_step) {
  receive(builder_.colleague(), ReceiptStep::delivered);
  receive(builder_.prosecutor(), ReceiptStep::opened);
  commit();
  const auto reach = store_.load_receipt_reach(
      channel_,
      {builder_.colleague().certificate.device, builder_.investigator().certificate.device});
  ASSERT_EQ(reach.size(), 1u);
  EXPECT_EQ(reach[0].device, builder_.colleague().certificate.device);
  EXPECT_EQ(reach[0].step, ReceiptStep::delivered);
  EXPECT_EQ(reach[0].channel_seq, asked_seq_);
  EXPECT_TRUE(store_.load_receipt_reach(channel_, {}).empty());
}

TEST_F(SilenceCheckerTest, somebody_who_has_acknowledged_is_not_silent) {
  acknowledge(builder_.prosecutor());
  const auto index =
      builder_.announce(channel_, silence(EvidenceStep::acknowledged, {&builder_.prosecutor()}));
  expect_finding(index, "The server's event breaks a rule");
}

TEST_F(SilenceCheckerTest, somebody_whose_receipt_stands_before_it_is_not_silent) {
  receive(builder_.prosecutor(), ReceiptStep::opened);
  const auto index =
      builder_.announce(channel_, silence(EvidenceStep::delivered, {&builder_.prosecutor()}));
  expect_finding(index, "whose receipt stands before it");
}

TEST_F(SilenceCheckerTest, a_step_that_is_said_twice_is_named) {
  builder_.announce(channel_, silence(EvidenceStep::opened, {&builder_.prosecutor()}));
  const auto index =
      builder_.announce(channel_, silence(EvidenceStep::opened, {&builder_.prosecutor()}));
  expect_finding(index, "The server's event breaks a rule");
}

TEST_F(SilenceCheckerTest, an_agency_that_was_not_told_is_named) {
  const auto index = builder_.announce(
      channel_, silence(EvidenceStep::opened, {&builder_.prosecutor()}), JournalBuilder::Told::no);
  builder_.post(channel_, builder_.investigator(), "далі");
  expect_finding(index, "was not told of it");
}

TEST_F(SilenceCheckerTest, an_alert_that_is_made_up_or_says_otherwise_is_named) {
  const sealing::MissingStep event = silence(EvidenceStep::opened, {&builder_.prosecutor()});
  const auto index = builder_.announce(channel_, event, JournalBuilder::Told::no);
  builder_.append_alert(sealing::SilenceAlert{builder_.prosecutor().certificate.agency,
                                              {},
                                              event.message_hash,
                                              event.step,
                                              event.due_ms,
                                              event.said_for_ms,
                                              2,
                                              {}});
  expect_finding(index + 1, "it is not what the event before it says");
}

TEST_F(SilenceCheckerTest, an_alert_of_no_event_is_named) {
  const sealing::MissingStep event = silence(EvidenceStep::opened, {&builder_.prosecutor()});
  const auto index =
      builder_.append_alert(sealing::SilenceAlert{builder_.prosecutor().certificate.agency,
                                                  {},
                                                  event.message_hash,
                                                  event.step,
                                                  event.due_ms,
                                                  event.said_for_ms,
                                                  1,
                                                  {}});
  expect_finding(index, "no event of a missing step before it");
}

TEST_F(SilenceCheckerTest, a_row_that_is_missing_or_changed_is_named) {
  EXPECT_EQ(findings(), "");
  database_.run_as_superuser("UPDATE asked_entry SET looked_ms = 1");
  EXPECT_NE(check().find("differs from what the channel adds up to: looked_ms"), std::string::npos);
  database_.run_as_superuser("UPDATE asked_entry SET asked = '\\x01'");
  EXPECT_NE(check().find("cannot be read"), std::string::npos);
  database_.run_as_superuser("DELETE FROM asked_entry");
  EXPECT_NE(check().find("row in the table asked_entry is missing"), std::string::npos);
  // An entry from before there was such a table has none.
  database_.run_as_superuser("UPDATE asked_entry_begin SET journal_index = 1000");
  EXPECT_EQ(check(), "");
}

}  // namespace
}  // namespace oberih::test
