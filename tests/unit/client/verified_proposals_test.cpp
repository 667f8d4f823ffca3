// SPDX-License-Identifier: Apache-2.0
// A server that makes proposals up: nothing of it is shown, all of it is kept.
#include "client-cli/verification/verified_proposals.hpp"

#include "tests/unit/client/temporary_folder.hpp"
#include "tests/unit/sealing/world.hpp"

namespace oberih::client {
namespace {

using sealing::Proposal;
using sealing::TestDevice;

class VerifiedProposalsTest : public testing::Test {
 protected:
  Proposal propose(const TestDevice& author) const {
    Proposal proposal;
    proposal.channel = sealing::made_of<ChannelId>(5);
    proposal.id = sealing::made_of<sealing::ProposalId>(6);
    proposal.op = sealing::RecordOp::change;
    proposal.change = sealing::adding({officer_.line(RosterRole::admin)});
    proposal.expires_ms = world_.now_ms + 1'000;
    proposal.author = author.id();
    return proposal;
  }
  static Bytes approval_by(const Proposal& proposal, const TestDevice& claimed,
                           const TestDevice& signing) {
    return sealing::encode_approval_body(
        {proposal.channel, proposal.id, claimed.id(),
         sealing::sign_approvals(proposal, claimed.id(), signing.signer)});
  }
  std::string add(const Bytes& body, journal::LeafKind kind = journal::LeafKind::administration,
                  const ChannelId& channel = sealing::made_of<ChannelId>(5)) {
    return sealing::outcome(proposals_.add(
        {++index_, journal::encode_leaf({kind, world_.now_ms, channel, 0, {}, body})}));
  }
  std::size_t waiting() const {
    return proposals_.book().of(sealing::made_of<ChannelId>(5)).size();
  }
  std::size_t evidence() const {
    if (!std::filesystem::exists(folder_.path() / "evidence")) return 0;
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder_.path() / "evidence"), {}));
  }

  sealing::World world_;
  TestDevice& police_ = world_.enrol(world_.police(), Role::investigator);
  TestDevice& officer_ = world_.enrol(world_.police(), Role::investigator);
  TestDevice& prosecutor_ = world_.enrol(world_.prosecution(), Role::prosecutor);
  TemporaryFolder folder_;
  VerifiedProposals proposals_{world_.directory, folder_.path()};
  std::uint64_t index_ = 50;
};

TEST_F(VerifiedProposalsTest, what_is_signed_is_taken) {
  const Proposal proposal = propose(police_);
  EXPECT_EQ(add(sealing::encode_proposal_body(proposal, police_.signer)), "accepted");
  EXPECT_EQ(add(approval_by(proposal, prosecutor_, prosecutor_)), "accepted");
  EXPECT_EQ(proposals_.book().find(proposal.channel, proposal.id)->approvals.size(), 1u);
  EXPECT_EQ(add(sealing::encode_withdrawal_body({proposal.channel, proposal.id, police_.id(), 1},
                                                police_.signer)),
            "accepted");
  EXPECT_EQ(waiting(), 0u);
  EXPECT_EQ(evidence(), 0u);
}

TEST_F(VerifiedProposalsTest, a_proposal_in_anothers_name_is_evidence) {
  const Proposal proposal = propose(police_);
  EXPECT_EQ(add(sealing::encode_proposal_body(proposal, prosecutor_.signer)),
            "verification_failed");
  Proposal stranger = proposal;
  stranger.author = sealing::made_of<DeviceId>(99'999);
  EXPECT_EQ(add(sealing::encode_proposal_body(stranger, police_.signer)), "verification_failed");
  EXPECT_EQ(waiting(), 0u);
  EXPECT_EQ(evidence(), 2u);
}

TEST_F(VerifiedProposalsTest, a_made_up_approval_does_not_count) {
  const Proposal proposal = propose(police_);
  ASSERT_EQ(add(sealing::encode_proposal_body(proposal, police_.signer)), "accepted");
  EXPECT_EQ(add(approval_by(proposal, prosecutor_, police_)), "verification_failed");
  Proposal other = proposal;
  other.change.add->lines[0].role = RosterRole::member;
  EXPECT_EQ(add(approval_by(other, prosecutor_, prosecutor_)), "verification_failed");
  EXPECT_TRUE(proposals_.book().find(proposal.channel, proposal.id)->approvals.empty());
}

TEST_F(VerifiedProposalsTest,
       a_leaf_of_another_channel_or_kind_and_a_second_of_one_id_are_refused) {
  const Bytes body = sealing::encode_proposal_body(propose(police_), police_.signer);
  EXPECT_EQ(add(body, journal::LeafKind::administration, sealing::made_of<ChannelId>(8)),
            "verification_failed");
  EXPECT_EQ(add(body, journal::LeafKind::access), "verification_failed");
  EXPECT_EQ(add(body), "accepted");
  EXPECT_EQ(add(body), "verification_failed");
  EXPECT_EQ(waiting(), 1u);
}

}  // namespace
}  // namespace oberih::client
