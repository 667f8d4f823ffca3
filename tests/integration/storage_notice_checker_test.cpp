// SPDX-License-Identifier: Apache-2.0
// Leaves by which a server speaks for itself, and forged ones that the check must name.
#include <gtest/gtest.h>

#include <algorithm>

#include "protocol/crypto/random_bytes.hpp"
#include "protocol/sealing/access_leaf.hpp"
#include "protocol/sealing/audit_filter.hpp"
#include "protocol/sealing/audit_leaf.hpp"
#include "protocol/sealing/refusal_leaf.hpp"
#include "server/storage/journal_checker.hpp"
#include "server/storage/journal_store.hpp"
#include "tests/support/journal_builder.hpp"
#include "tests/support/postgres_fixture.hpp"

namespace oberih::test {
namespace {

class NoticeCheckerTest : public testing::Test {
 protected:
  NoticeCheckerTest() : store_(database_.settings(), nullptr) {
    commit();
    channel_ = builder_.open_channel();
  }
  application::StoredCheckpoint commit() {
    EXPECT_EQ(store_.append(builder_.take_batch()), application::CommitOutcome::committed);
    application::StoredCheckpoint checkpoint = builder_.sign_checkpoint();
    store_.store_checkpoint(checkpoint);
    return checkpoint;
  }
  storage::CheckReport check() {
    storage::CheckOptions options;
    options.outside_checkpoint = commit().note;
    return storage::check_journal(database_.settings(), options);
  }
  void expect_finding(std::uint64_t index, const std::string& part) {
    const storage::CheckReport report = check();
    ASSERT_EQ(report.finding_count, 1u);
    EXPECT_EQ(report.findings[0].index, index);
    EXPECT_NE(report.findings[0].sentence.find(part), std::string::npos)
        << report.findings[0].sentence;
  }
  std::uint64_t follow(std::uint8_t version) {
    return builder_.administer(
        {}, sealing::encode_policy_leaf(
                {1, {{"permissions", Digest{{version}}}}, crypto::random_id<sealing::LeafSalt>()}));
  }
  sealing::RefusalLeaf refusal() const {
    return {
        builder_.prosecutor().certificate.device, "entry.post", EntryType::message, 32'021, 3, 1,
        crypto::random_id<sealing::LeafSalt>()};
  }

  PostgresDatabase database_;
  storage::PostgresJournalStore store_;
  JournalBuilder builder_;
  ChannelId channel_;
};

TEST_F(NoticeCheckerTest, policies_and_refusals_are_counted_and_the_newest_ones_shown) {
  follow(1);
  const std::uint64_t newest = follow(2);
  builder_.refuse(channel_, sealing::encode_refusal_leaf(refusal()));
  builder_.refuse({}, sealing::encode_refusal_leaf(refusal()));
  const storage::CheckReport report = check();
  EXPECT_TRUE(report.is_sound());
  EXPECT_EQ(report.refusals, 2u);
  EXPECT_EQ(report.policies_index, newest);
  ASSERT_EQ(report.policies.size(), 1u);
  EXPECT_EQ(report.policies[0].hash, Digest{{2}});
}

TEST_F(NoticeCheckerTest, policies_that_were_in_force_already_are_named) {
  follow(1);
  expect_finding(follow(1), "were in force before");
}

TEST_F(NoticeCheckerTest, policies_that_cannot_be_read_are_named) {
  expect_finding(builder_.administer({}, Bytes{1, 1, 0}), "cannot be read");
}

TEST_F(NoticeCheckerTest, a_refusal_that_cannot_be_read_is_named) {
  expect_finding(builder_.refuse(channel_, Bytes{1}), "cannot be read");
}

TEST_F(NoticeCheckerTest, a_refusal_of_nobodys_device_is_named) {
  sealing::RefusalLeaf forged = refusal();
  forged.device = crypto::random_id<DeviceId>();
  expect_finding(builder_.refuse(channel_, sealing::encode_refusal_leaf(forged)),
                 "none of the directory");
}

TEST_F(NoticeCheckerTest, a_refusal_by_a_code_that_does_not_exist_is_named) {
  sealing::RefusalLeaf forged = refusal();
  forged.code = 1;
  expect_finding(builder_.refuse(channel_, sealing::encode_refusal_leaf(forged)),
                 "code 1 is unknown");
}

// -- accesses, and questions of auditors ----------------------------------------------------------

class AccessCheckerTest : public NoticeCheckerTest {
 protected:
  sealing::AccessLeaf access() const {
    return {
        sealing::AccessWhat::history,          builder_.prosecutor().certificate.device, 1, 2, 2, 1,
        crypto::random_id<sealing::LeafSalt>()};
  }
  std::uint64_t append(const ChannelId& channel, const sealing::AccessLeaf& leaf) {
    return builder_.append_unchained(journal::LeafKind::access, channel,
                                     sealing::encode_access_leaf(leaf));
  }
  std::uint64_t ask(const TestDevice& who, std::uint64_t size, const TestDevice& signer) {
    const sealing::AuditQuestion question{sealing::AuditWhat::find, who.certificate.device, size,
                                          sealing::encode_audit_filter({}), 1};
    return builder_.append_unchained(journal::LeafKind::audit_query, {},
                                     sealing::encode_audit_body(sealing::sign_audit_question(
                                         question, crypto::Signer(signer.signature_key))));
  }
};

TEST_F(AccessCheckerTest, accesses_are_counted) {
  append(channel_, access());
  const storage::CheckReport report = check();
  EXPECT_TRUE(report.is_sound());
  EXPECT_EQ(report.accesses, 1u);
}

TEST_F(AccessCheckerTest, an_access_of_nobodys_device_is_named) {
  sealing::AccessLeaf forged = access();
  forged.device = crypto::random_id<DeviceId>();
  expect_finding(append(channel_, forged), "none of the directory");
}

TEST_F(AccessCheckerTest, an_access_to_the_history_of_no_channel_is_named) {
  expect_finding(append({}, access()), "none where it must");
}

TEST_F(AccessCheckerTest, an_access_to_leaves_that_were_not_there_is_named) {
  sealing::AccessLeaf forged = access();
  forged.what = sealing::AccessWhat::leaves;
  forged.to = 1'000;
  expect_finding(append({}, forged), "not there yet");
}

TEST_F(AccessCheckerTest, an_access_that_cannot_be_read_is_named) {
  expect_finding(builder_.append_unchained(journal::LeafKind::access, channel_, Bytes{1, 2, 3}),
                 "cannot be read");
}

TEST_F(AccessCheckerTest, a_question_of_no_auditor_is_named) {
  expect_finding(ask(builder_.prosecutor(), 1, builder_.prosecutor()), "no auditor then");
}

TEST_F(AccessCheckerTest, a_question_under_a_forged_signature_or_about_what_comes_is_named) {
  ask(builder_.prosecutor(), 1'000, builder_.colleague());
  const storage::CheckReport report = check();
  ASSERT_EQ(report.finding_count, 3u);
  EXPECT_NE(report.findings[0].sentence.find("does not verify"), std::string::npos);
  EXPECT_NE(report.findings[2].sentence.find("behind itself"), std::string::npos);
}

}  // namespace
}  // namespace oberih::test
