// SPDX-License-Identifier: Apache-2.0
// A server that lets proposals stand which its rules refuse: the check judges them again.
#include <gtest/gtest.h>

#include <algorithm>

#include "protocol/crypto/random_bytes.hpp"
#include "protocol/sealing/proposal.hpp"
#include "server/storage/journal_checker.hpp"
#include "server/storage/journal_store.hpp"
#include "tests/support/journal_builder.hpp"
#include "tests/support/postgres_fixture.hpp"

namespace oberih::test {
namespace {

class ProposalCheckerTest : public testing::Test {
 protected:
  static crypto::Signer signer_of(const TestDevice& device) {
    return crypto::Signer(device.signature_key);
  }
  /// Closing: what a member of this channel may not do alone.
  sealing::Proposal propose(const TestDevice& author) const {
    sealing::Proposal proposal;
    proposal.channel = channel_;
    proposal.id = crypto::random_id<sealing::ProposalId>();
    proposal.op = sealing::RecordOp::close;
    proposal.change.close_reason = "decided";
    proposal.expires_ms = builder_.server_ms() + 1'000'000;
    proposal.author = author.certificate.device;
    return proposal;
  }
  static Bytes approval_by(const sealing::Proposal& proposal, const TestDevice& approver) {
    const DeviceId& device = approver.certificate.device;
    return sealing::encode_approval_body(
        {proposal.channel, proposal.id, device,
         sealing::sign_approvals(proposal, device, signer_of(approver))});
  }
  /// Records quote the checkpoint of the directory before them.
  ProposalCheckerTest() : store_(database_.settings(), nullptr) {
    commit();
    channel_ = builder_.open_channel();
  }
  application::StoredCheckpoint commit() {
    EXPECT_EQ(store_.append(builder_.take_batch()), application::CommitOutcome::committed);
    application::StoredCheckpoint checkpoint = builder_.sign_checkpoint();
    store_.store_checkpoint(checkpoint);
    return checkpoint;
  }
  std::string findings() {
    storage::CheckOptions options;
    options.outside_checkpoint = commit().note;
    options.genesis_hash = builder_.genesis_hash();
    std::string text;
    for (const auto& finding : storage::check_journal(database_.settings(), options).findings)
      text += std::to_string(finding.index.value_or(0)) + ": " + finding.sentence + "\n";
    return text;
  }
  void expect_finding(std::uint64_t index, const std::string& part) {
    const std::string text = findings();
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
    EXPECT_TRUE(text.starts_with(std::to_string(index) + ": ")) << text;
    EXPECT_NE(text.find(part), std::string::npos) << text;
  }

  PostgresDatabase database_;
  storage::PostgresJournalStore store_;
  JournalBuilder builder_;
  ChannelId channel_;
};

TEST_F(ProposalCheckerTest, what_the_rules_permit_is_found_good) {
  const sealing::Proposal proposal = propose(builder_.colleague());
  builder_.administer(channel_,
                      sealing::encode_proposal_body(proposal, signer_of(builder_.colleague())));
  builder_.administer(channel_, approval_by(proposal, builder_.prosecutor()));
  builder_.administer(channel_,
                      sealing::encode_withdrawal_body(
                          {channel_, proposal.id, builder_.colleague().certificate.device, 1},
                          signer_of(builder_.colleague())));
  EXPECT_EQ(findings(), "");
}

TEST_F(ProposalCheckerTest, a_forged_proposal_is_named) {
  expect_finding(builder_.administer(
                     channel_, sealing::encode_proposal_body(propose(builder_.colleague()),
                                                             signer_of(builder_.prosecutor()))),
                 "signature");
}

TEST_F(ProposalCheckerTest, an_approval_given_twice_is_named) {
  const sealing::Proposal proposal = propose(builder_.colleague());
  builder_.administer(channel_,
                      sealing::encode_proposal_body(proposal, signer_of(builder_.colleague())));
  builder_.administer(channel_, approval_by(proposal, builder_.prosecutor()));
  expect_finding(builder_.administer(channel_, approval_by(proposal, builder_.prosecutor())),
                 "approved the proposal already");
}

TEST_F(ProposalCheckerTest, a_members_own_approval_is_named) {
  const sealing::Proposal proposal = propose(builder_.colleague());
  builder_.administer(channel_,
                      sealing::encode_proposal_body(proposal, signer_of(builder_.colleague())));
  expect_finding(builder_.administer(channel_, approval_by(proposal, builder_.colleague())),
                 "its signer may not approve");
}

TEST_F(ProposalCheckerTest, a_proposal_under_another_channel_is_named) {
  const ChannelId other = builder_.open_channel();
  expect_finding(
      builder_.administer(other, sealing::encode_proposal_body(propose(builder_.colleague()),
                                                               signer_of(builder_.colleague()))),
      "of another channel than its leaf");
}

}  // namespace
}  // namespace oberih::test
