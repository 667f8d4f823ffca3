// SPDX-License-Identifier: Apache-2.0
// Receipts in the database: found by device and step, and judged again by the check.
#include <gtest/gtest.h>

#include <algorithm>
#include <future>

#include "protocol/sealing/receipt.hpp"
#include "server/storage/journal_checker.hpp"
#include "server/storage/journal_reader.hpp"
#include "server/storage/journal_store.hpp"
#include "tests/support/journal_builder.hpp"
#include "tests/support/postgres_fixture.hpp"

namespace oberih::test {
namespace {

using sealing::ReceiptStep;

class ReceiptCheckerTest : public testing::Test {
 protected:
  ReceiptCheckerTest() : store_(database_.settings(), nullptr) {
    commit();
    channel_ = builder_.open_channel();
  }
  static crypto::Signer signer_of(const TestDevice& device) {
    return crypto::Signer(device.signature_key);
  }
  sealing::Receipt receipt(const TestDevice& device, std::uint64_t seq,
                           ReceiptStep step = ReceiptStep::delivered) {
    return {channel_, device.certificate.device, step, seq, builder_.leaf_hash_at(channel_, seq),
            1};
  }
  std::uint64_t append(const sealing::Receipt& receipt, const TestDevice& signer) {
    return builder_.append_receipt(sealing::sign_receipt(receipt, signer_of(signer)));
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
  /// Of what is committed already.
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
  std::string note_;
};

TEST_F(ReceiptCheckerTest, what_the_rules_permit_is_found_good_and_read_by_device_and_step) {
  append(receipt(builder_.colleague(), 1), builder_.colleague());
  const std::uint64_t second = append(receipt(builder_.colleague(), 2), builder_.colleague());
  const std::uint64_t opened =
      append(receipt(builder_.prosecutor(), 2, ReceiptStep::opened), builder_.prosecutor());
  EXPECT_EQ(findings(), "");
  const auto newest = store_.load_newest_receipt(channel_, builder_.colleague().certificate.device,
                                                 ReceiptStep::delivered);
  ASSERT_TRUE(newest);
  EXPECT_EQ(newest->index, second);
  EXPECT_FALSE(store_.load_newest_receipt(channel_, builder_.colleague().certificate.device,
                                          ReceiptStep::opened));
  storage::PostgresJournalReader reader(database_.settings(), nullptr);
  const auto read = [&](std::uint64_t seq) {
    std::promise<wire::ReceiptPage> page;
    reader.read_receipts({}, channel_, seq, {},
                         [&](Result<wire::ReceiptPage> result) { page.set_value(result.value()); });
    std::vector<std::uint64_t> indexes;
    for (const auto& leaf : page.get_future().get().leaves) indexes.push_back(leaf.index);
    std::sort(indexes.begin(), indexes.end());
    return indexes;
  };
  EXPECT_EQ(read(0), (std::vector<std::uint64_t>{second, opened}));
  EXPECT_EQ(read(2), (std::vector<std::uint64_t>{second, opened}));
  EXPECT_EQ(read(1), (std::vector<std::uint64_t>{second - 1, opened}));
  EXPECT_TRUE(read(3).empty());
}

TEST_F(ReceiptCheckerTest, a_forged_receipt_is_named) {
  expect_finding(append(receipt(builder_.colleague(), 1), builder_.prosecutor()), "signature");
}

TEST_F(ReceiptCheckerTest, a_receipt_for_another_leaf_is_named) {
  sealing::Receipt other = receipt(builder_.colleague(), 1);
  other.leaf_hash.bytes[0] ^= 1;
  expect_finding(append(other, builder_.colleague()), "another leaf than stands there");
}

TEST_F(ReceiptCheckerTest, a_receipt_that_goes_back_is_named) {
  append(receipt(builder_.colleague(), 2), builder_.colleague());
  expect_finding(append(receipt(builder_.colleague(), 1), builder_.colleague()),
                 "does not go forward");
}

TEST_F(ReceiptCheckerTest, a_row_that_is_gone_or_changed_is_named) {
  const std::uint64_t first = append(receipt(builder_.colleague(), 1), builder_.colleague());
  EXPECT_EQ(findings(), "");
  database_.run_as_superuser(
      "ALTER TABLE receipt DISABLE TRIGGER append_only; UPDATE receipt SET step = 2");
  expect_named(check(), first, "differs from the signed leaf: step");
  database_.run_as_superuser("DELETE FROM receipt");
  expect_named(check(), first, "is missing");
}

}  // namespace
}  // namespace oberih::test
