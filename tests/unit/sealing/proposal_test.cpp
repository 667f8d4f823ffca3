// SPDX-License-Identifier: Apache-2.0
// Proposals, approvals and withdrawals: their bytes, and what the judge says of them.
#include <gtest/gtest.h>

#include "malformed_input.hpp"
#include "protocol/sealing/proposal_rules.hpp"
#include "world.hpp"

namespace oberih::sealing {
namespace {

constexpr Milliseconds day_ms = 24ull * 3600 * 1000;

/// A case of police (admin, member, reader) and prosecution (admin).
class ProposalTest : public testing::Test {
 protected:
  void SetUp() override {
    channel_.policy = {ChannelKind::case_, 2, History::full};
    ASSERT_EQ(channel_.append(channel_.create(
                  police_, {police_.line(admin), officer_.line(member), clerk_.line(reader)})),
              "accepted");
    ASSERT_EQ(channel_.append(
                  channel_.follow(police_, RecordOp::change, adding({prosecutor_.line(admin)}))),
              "accepted");
  }

  ProposalCase now() const { return {channel_.state, world_.directory, channel_.place()}; }

  Proposal propose(const TestDevice& author, const Change& change,
                   RecordOp op = RecordOp::change) const {
    Proposal proposal;
    proposal.channel = channel_.state.channel();
    proposal.id = crypto::random_id<ProposalId>();
    proposal.op = op;
    proposal.change = change;
    proposal.expires_ms = world_.now_ms + 7 * day_ms;
    proposal.author = author.id();
    proposal.client_ms = world_.now_ms;
    return proposal;
  }
  std::string judged(const Proposal& proposal) const {
    return outcome(judge_proposal(now(), book_, proposal));
  }
  static ProposalApproval approving(const Proposal& proposal, const TestDevice& approver) {
    return {proposal.channel, proposal.id, approver.id(),
            sign_approvals(proposal, approver.id(), approver.signer)};
  }
  std::string judged(const ProposalApproval& approval) const {
    return outcome(judge_approval(now(), book_, approval));
  }
  void take(const Bytes& body) {
    const auto parsed = parse_proposal_body(body);
    ASSERT_TRUE(parsed);
    book_.apply(*parsed, {++leaves_, world_.now_ms, {}, Bytes(journal::leaf_header_bytes)});
  }
  void wait(const Proposal& proposal, const TestDevice& author) {
    ASSERT_EQ(judged(proposal), "accepted");
    take(encode_proposal_body(proposal, author.signer));
  }
  void approve(const Proposal& proposal, const TestDevice& approver) {
    ASSERT_EQ(judged(approving(proposal, approver)), "accepted");
    take(encode_approval_body(approving(proposal, approver)));
  }
  Result<ProposalProgress> progress(const Proposal& proposal, const TestDevice& carrier) const {
    return find_progress(now(), proposal, book_.find(proposal.channel, proposal.id)->approvals,
                         carrier.id());
  }

  World world_;
  TestDevice& police_ = world_.enrol(world_.police(), Role::investigator);
  TestDevice& officer_ = world_.enrol(world_.police(), Role::investigator);
  TestDevice& clerk_ = world_.enrol(world_.police(), Role::liaison);
  TestDevice& prosecutor_ = world_.enrol(world_.prosecution(), Role::prosecutor);
  TestDevice& caseworker_ = world_.enrol(world_.ngo(), Role::caseworker);
  TestDevice& police_supervisor_ = world_.enrol(world_.police(), Role::supervisor);
  TestDevice& prosecution_supervisor_ = world_.enrol(world_.prosecution(), Role::supervisor);
  TestDevice& ngo_supervisor_ = world_.enrol(world_.ngo(), Role::supervisor);
  TestChannel channel_{world_};
  ProposalBook book_;
  std::uint64_t leaves_ = 100;
};

// -- bytes ----------------------------------------------------------------------------------------

TEST_F(ProposalTest, a_proposal_has_the_bytes_of_the_protocol_reference) {
  Proposal proposal = propose(police_, closing(), RecordOp::close);
  ByteWriter expected;
  expected.u8(1).u8(1).raw(proposal.channel).raw(proposal.id).u8(3);
  expected.vec(encode_change_items(proposal.change).at(0));
  expected.u64(proposal.expires_ms).raw(proposal.author).u64(proposal.client_ms);
  EXPECT_EQ(encode_proposal_content(proposal), expected.bytes());

  const Bytes body = encode_proposal_body(proposal, police_.signer);
  const auto parsed = parse_proposal_body(body);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(outcome(verify_proposal_body(*parsed, world_.directory)), "accepted");
  const auto* read = std::get_if<Proposal>(&parsed->what);
  ASSERT_NE(read, nullptr);
  EXPECT_EQ(encode_proposal_content(*read), expected.bytes());
  EXPECT_EQ(read->change.close_reason, "judgment");
}

TEST_F(ProposalTest, an_approval_and_a_withdrawal_come_back_from_their_bytes) {
  const Proposal proposal = propose(police_, adding({caseworker_.line(admin)}));
  const auto approval = parse_proposal_body(encode_approval_body(approving(proposal, prosecutor_)));
  ASSERT_TRUE(approval);
  EXPECT_EQ(approval->device(), prosecutor_.id());
  EXPECT_EQ(approval->channel(), proposal.channel);

  const ProposalWithdrawal withdrawal{proposal.channel, proposal.id, police_.id(), 5};
  const auto parsed = parse_proposal_body(encode_withdrawal_body(withdrawal, police_.signer));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(outcome(verify_proposal_body(*parsed, world_.directory)), "accepted");
  EXPECT_TRUE(std::holds_alternative<ProposalWithdrawal>(parsed->what));
}

TEST_F(ProposalTest, every_cut_and_every_byte_too_much_is_refused) {
  const Proposal proposal = propose(police_, adding({caseworker_.line(admin)}));
  for (const Bytes& body :
       {encode_proposal_body(proposal, police_.signer),
        encode_approval_body(approving(proposal, prosecutor_)),
        encode_withdrawal_body({proposal.channel, proposal.id, police_.id(), 1}, police_.signer)}) {
    for (std::size_t size = 0; size < body.size(); ++size)
      EXPECT_FALSE(parse_proposal_body(ByteView(body).first(size))) << size;
    Bytes longer = body;
    longer.push_back(0);
    EXPECT_FALSE(parse_proposal_body(longer));
    for (const std::size_t at : {4, 5}) {  // version and what
      Bytes other = body;
      other[at] = 9;
      EXPECT_FALSE(parse_proposal_body(other));
    }
  }
}

TEST_F(ProposalTest, a_change_of_any_byte_breaks_the_signature) {
  const Bytes body =
      encode_proposal_body(propose(police_, adding({caseworker_.line(admin)})), police_.signer);
  for (std::size_t at = 6; at < body.size(); ++at) {
    Bytes other = body;
    other[at] ^= 1;
    const auto parsed = parse_proposal_body(other);
    if (parsed) EXPECT_FALSE(verify_proposal_body(*parsed, world_.directory)) << at;
  }
}

// -- proposals ------------------------------------------------------------------------------------

TEST_F(ProposalTest, members_propose_what_they_may_not_do_alone) {
  EXPECT_EQ(judged(propose(police_, adding({caseworker_.line(admin)}))), "accepted");
  EXPECT_EQ(judged(propose(officer_, adding({caseworker_.line(admin)}))), "accepted");
  EXPECT_EQ(judged(propose(officer_, altering(officer_.line(admin)))), "accepted");
  EXPECT_EQ(judged(propose(police_, closing(), RecordOp::close)), "accepted");
  EXPECT_EQ(judged(propose(police_, setting({ChannelKind::case_, 3, History::full}))), "accepted");
}

TEST_F(ProposalTest, strangers_readers_and_the_revoked_propose_nothing) {
  EXPECT_EQ(judged(propose(caseworker_, adding({caseworker_.line(admin)}))), "not_found");
  EXPECT_EQ(judged(propose(police_supervisor_, altering(officer_.line(admin)))), "not_found");
  EXPECT_EQ(judged(propose(clerk_, altering(officer_.line(admin)))), "read_only_member");
  world_.revoke(officer_);
  EXPECT_EQ(judged(propose(officer_, altering(clerk_.line(member)))), "device_revoked");
}

TEST_F(ProposalTest, what_could_never_come_is_not_proposed) {
  EXPECT_EQ(judged(propose(police_, adding({officer_.line(member)}))), "record_invalid");
  EXPECT_EQ(judged(propose(police_, removing({caseworker_.id()}))), "record_invalid");
  EXPECT_EQ(judged(propose(police_, adding({caseworker_.line(member)}))), "record_invalid")
      << "the first of an agency in a case channel is an admin";
  EXPECT_EQ(judged(propose(police_, closing())), "record_invalid");
  EXPECT_EQ(judged(propose(police_, setting({ChannelKind::case_, 1, History::full}))),
            "record_invalid");
  EXPECT_EQ(judged(propose(police_, removing({officer_.id()}))), "approval_invalid")
      << "the own agency's people go without approval";
}

TEST_F(ProposalTest, a_proposal_lapses_within_a_month) {
  Proposal proposal = propose(police_, adding({caseworker_.line(admin)}));
  proposal.expires_ms = world_.now_ms;
  EXPECT_EQ(judged(proposal), "record_invalid");
  proposal.expires_ms = world_.now_ms + longest_proposal_ms + 1;
  EXPECT_EQ(judged(proposal), "record_invalid");
  proposal.expires_ms = world_.now_ms + longest_proposal_ms;
  EXPECT_EQ(judged(proposal), "accepted");
}

TEST_F(ProposalTest, one_agency_cannot_fill_the_channel_with_proposals) {
  for (std::size_t i = 0; i < waiting_of_an_agency; ++i)
    wait(propose(police_, adding({caseworker_.line(admin)})), police_);
  EXPECT_EQ(judged(propose(officer_, adding({caseworker_.line(admin)}))), "forbidden");
  EXPECT_EQ(judged(propose(prosecutor_, adding({caseworker_.line(admin)}))), "accepted");
}

// -- approvals ------------------------------------------------------------------------------------

TEST_F(ProposalTest, admins_approve_once_each) {
  const Proposal proposal = propose(police_, adding({caseworker_.line(admin)}));
  EXPECT_EQ(judged(approving(proposal, prosecutor_)), "not_found") << "nothing waits";
  wait(proposal, police_);
  EXPECT_EQ(judged(approving(proposal, officer_)), "approval_invalid");
  EXPECT_EQ(judged(approving(proposal, caseworker_)), "approval_invalid");
  EXPECT_EQ(judged(approving(proposal, prosecution_supervisor_)), "approval_invalid");
  approve(proposal, prosecutor_);
  EXPECT_EQ(judged(approving(proposal, prosecutor_)), "approval_invalid") << "a second time";
}

TEST_F(ProposalTest, an_approval_of_another_item_channel_or_time_is_refused) {
  const Proposal proposal = propose(police_, adding({caseworker_.line(admin)}));
  wait(proposal, police_);
  ProposalApproval approval = approving(proposal, prosecutor_);
  approval.approvals[0].signature.bytes[3] ^= 1;
  EXPECT_EQ(judged(approval), "approval_invalid");
  Proposal other = proposal;
  other.change.add->mandate = "Order 418";
  approval = approving(proposal, prosecutor_);
  approval.approvals = sign_approvals(other, prosecutor_.id(), prosecutor_.signer);
  EXPECT_EQ(judged(approval), "approval_invalid");
  other = proposal;
  other.expires_ms = world_.now_ms;
  approval.approvals = sign_approvals(other, prosecutor_.id(), prosecutor_.signer);
  EXPECT_EQ(judged(approval), "approval_invalid");
  world_.now_ms += 8 * day_ms;
  EXPECT_EQ(judged(approving(proposal, prosecutor_)), "not_found") << "lapsed";
}

TEST_F(ProposalTest, the_record_with_the_collected_approvals_is_accepted_and_ends_the_proposal) {
  const Proposal proposal = propose(officer_, adding({caseworker_.line(admin)}));
  wait(proposal, officer_);
  ASSERT_TRUE(progress(proposal, officer_));
  EXPECT_EQ(progress(proposal, officer_)->given.size(), 0u);
  EXPECT_EQ(progress(proposal, officer_)->needed, 2u);
  EXPECT_EQ(progress(proposal, police_)->given.size(), 1u) << "an admin who makes it counts";
  approve(proposal, prosecutor_);
  EXPECT_FALSE(progress(proposal, officer_)->is_ready());
  EXPECT_TRUE(progress(proposal, police_)->is_ready());
  approve(proposal, police_);
  ASSERT_TRUE(progress(proposal, officer_)->is_ready());

  TestChannel::Draft draft = channel_.follow(officer_, RecordOp::change, proposal.change);
  draft.approvals = progress(proposal, officer_)->usable;
  ASSERT_EQ(channel_.append(draft), "accepted");
  book_.apply_record(draft.record);
  EXPECT_EQ(book_.find(proposal.channel, proposal.id), nullptr);
}

TEST_F(ProposalTest, approvals_of_who_is_no_admin_any_more_do_not_count) {
  const Proposal proposal = propose(officer_, adding({caseworker_.line(admin)}));
  wait(proposal, officer_);
  approve(proposal, prosecutor_);
  world_.revoke(prosecutor_);
  const auto left = progress(proposal, police_);
  ASSERT_TRUE(left);
  EXPECT_TRUE(left->usable.empty());
  EXPECT_EQ(left->given.size(), 1u);
}

TEST_F(ProposalTest, only_its_author_withdraws_a_proposal) {
  const Proposal proposal = propose(police_, adding({caseworker_.line(admin)}));
  wait(proposal, police_);
  const auto by = [&](const TestDevice& device) {
    return outcome(judge_withdrawal(now(), book_, {proposal.channel, proposal.id, device.id(), 1}));
  };
  EXPECT_EQ(by(prosecutor_), "forbidden");
  EXPECT_EQ(by(police_), "accepted");
  take(encode_withdrawal_body({proposal.channel, proposal.id, police_.id(), 1}, police_.signer));
  EXPECT_EQ(by(police_), "not_found");
}

// -- without admins -------------------------------------------------------------------------------

TEST_F(ProposalTest, supervisors_act_where_no_admin_is_active_and_only_there) {
  EXPECT_FALSE(is_acting_supervisor(now(), police_supervisor_.id()));
  world_.revoke(police_);
  EXPECT_FALSE(is_acting_supervisor(now(), police_supervisor_.id()));
  world_.revoke(prosecutor_);
  EXPECT_TRUE(is_acting_supervisor(now(), police_supervisor_.id()));
  EXPECT_TRUE(is_acting_supervisor(now(), prosecution_supervisor_.id()));
  EXPECT_FALSE(is_acting_supervisor(now(), ngo_supervisor_.id()));
  EXPECT_FALSE(is_acting_supervisor(now(), caseworker_.id()));

  const Proposal proposal = propose(officer_, altering(officer_.line(admin)));
  wait(proposal, officer_);
  EXPECT_EQ(judged(approving(proposal, officer_)), "approval_invalid");
  EXPECT_EQ(judged(approving(proposal, ngo_supervisor_)), "approval_invalid");
  approve(proposal, police_supervisor_);
  EXPECT_FALSE(progress(proposal, officer_)->is_ready());
  approve(proposal, prosecution_supervisor_);
  EXPECT_TRUE(progress(proposal, officer_)->is_ready());
}

}  // namespace
}  // namespace oberih::sealing
