// SPDX-License-Identifier: Apache-2.0
// Requests for a grant: their bytes, who may ask, see and approve, what handling codes and orders
// say, and what an auditor is given then.
#include <gtest/gtest.h>

#include "malformed_input.hpp"
#include "protocol/sealing/audit_reading.hpp"
#include "protocol/sealing/grant_order.hpp"
#include "protocol/sealing/proposal_rules.hpp"
#include "world.hpp"

namespace oberih::sealing {
namespace {

constexpr Milliseconds a_day_ms = 24ull * 3600 * 1000;

/// A case of police (admin, member, reader) and prosecution (admin), in its third epoch.
class GrantTest : public testing::Test {
 protected:
  void SetUp() override {
    channel_.policy = {ChannelKind::case_, 2, History::full};
    ASSERT_EQ(channel_.append(channel_.create(
                  police_, {police_.line(admin), officer_.line(member), clerk_.line(reader)})),
              "accepted");
    world_.now_ms += a_day_ms;
    ASSERT_EQ(channel_.append(
                  channel_.follow(police_, RecordOp::change, adding({prosecutor_.line(admin)}))),
              "accepted");
    world_.now_ms += a_day_ms;
    ASSERT_EQ(channel_.append(channel_.follow(police_, RecordOp::rotate)), "accepted");
    world_.now_ms += a_day_ms;
  }

  ProposalCase now() const { return {channel_.state, world_.directory, channel_.place()}; }

  Proposal request(std::uint64_t first = 1, std::uint64_t last = 2,
                   const std::string& order = "Order 5/2027") const {
    Proposal proposal;
    proposal.channel = channel_.state.channel();
    proposal.id = crypto::random_id<ProposalId>();
    proposal.op = RecordOp::grant;
    proposal.change = granting(auditor_, first, last, world_.now_ms + 30 * a_day_ms);
    proposal.change.grant->grant = *GrantId::from(proposal.id.view());
    proposal.change.grant->order = order;
    proposal.expires_ms = world_.now_ms + 7 * a_day_ms;
    proposal.author = auditor_.id();
    proposal.client_ms = world_.now_ms;
    proposal.times = channel_.state.find_epoch_times({first, last}).value_or(EpochTimes{});
    proposal.reason = "a message has leaked";
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
  TestChannel::Draft record_of(const Proposal& proposal, const TestDevice& author,
                               const std::vector<Approval>& approvals) {
    TestChannel::Draft draft = channel_.follow(author, RecordOp::grant, proposal.change);
    draft.approvals = approvals;
    return draft;
  }
  /// Given by police and prosecution, made by the officer.
  void give(const Proposal& proposal) {
    std::vector<Approval> approvals;
    for (const TestDevice* approver : {&police_supervisor_, &prosecution_supervisor_})
      for (const Approval& each : approving(proposal, *approver).approvals)
        approvals.push_back(each);
    ASSERT_EQ(channel_.append(record_of(proposal, officer_, approvals)), "accepted");
  }
  std::string say(const TestDevice& sender, const HandlingCode& code) {
    EntryHeader header = channel_.entry(sender);
    header.facts = encode_common_facts({code, 0, 0});
    return channel_.post(header);
  }

  World world_;
  TestDevice& police_ = world_.enrol(world_.police(), Role::investigator);
  TestDevice& officer_ = world_.enrol(world_.police(), Role::investigator);
  TestDevice& clerk_ = world_.enrol(world_.police(), Role::liaison);
  TestDevice& prosecutor_ = world_.enrol(world_.prosecution(), Role::prosecutor);
  TestDevice& police_supervisor_ = world_.enrol(world_.police(), Role::supervisor);
  TestDevice& prosecution_supervisor_ = world_.enrol(world_.prosecution(), Role::supervisor);
  TestDevice& ngo_supervisor_ = world_.enrol(world_.ngo(), Role::supervisor);
  TestDevice& oversight_supervisor_ = world_.enrol(world_.oversight(), Role::supervisor);
  TestDevice& auditor_ = world_.enrol(world_.oversight(), Role::auditor);
  TestDevice& other_auditor_ = world_.enrol(world_.oversight(), Role::auditor);
  TestChannel channel_{world_};
  ProposalBook book_;
  std::uint64_t leaves_ = 100;
};

// -- bytes ----------------------------------------------------------------------------------------

TEST_F(GrantTest, a_request_has_the_bytes_of_the_protocol_reference) {
  const Proposal proposal = request();
  ByteWriter expected;
  expected.u8(1).u8(1).raw(proposal.channel).raw(proposal.id).u8(4);
  expected.vec(encode_change_items(proposal.change).at(0));
  expected.u64(proposal.expires_ms).raw(proposal.author).u64(proposal.client_ms);
  expected.u64(proposal.times.from_ms).u64(proposal.times.to_ms).vec(proposal.reason);
  EXPECT_EQ(encode_proposal_content(proposal), expected.bytes());

  const auto parsed = parse_proposal_body(encode_proposal_body(proposal, auditor_.signer));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(outcome(verify_proposal_body(*parsed, world_.directory)), "accepted");
  EXPECT_EQ(std::get<Proposal>(parsed->what).reason, proposal.reason);
  EXPECT_EQ(std::get<Proposal>(parsed->what).times, proposal.times);
}

TEST_F(GrantTest, a_request_without_a_reason_or_of_another_grant_does_not_parse) {
  const auto parse = [&](const Proposal& proposal) {
    return outcome_of(parse_proposal_body(encode_proposal_body(proposal, auditor_.signer)));
  };
  Proposal silent = request();
  silent.reason.clear();
  EXPECT_EQ(parse(silent), "malformed_object");
  Proposal forging = request();
  forging.reason = "line\nline";
  EXPECT_EQ(parse(forging), "malformed_object");
  Proposal other = request();
  other.change.grant->grant = made_of<GrantId>(9);
  EXPECT_EQ(parse(other), "malformed_object");
  Proposal more = request();
  more.change.close_reason = "and the end";
  EXPECT_EQ(parse(more), "malformed_object");
  Proposal none = request();
  none.change = closing();
  EXPECT_EQ(parse(none), "malformed_object");
}

TEST_F(GrantTest, an_order_says_whether_it_covers_what_is_restricted) {
  EXPECT_EQ(encode_grant_order({"5/2027", false}), "5/2027");
  const auto covering = parse_grant_order(encode_grant_order({"5/2027", true}));
  ASSERT_TRUE(covering);
  EXPECT_EQ(covering->number, "5/2027");
  EXPECT_TRUE(covering->covers_restricted);
  for (const std::string order :
       {"", "\nrestricted", "5\nmore", "5\n", "5\nrestricted\nrestricted"})
    EXPECT_FALSE(parse_grant_order(order)) << order;
}

TEST(AuditReading, comes_back_from_its_bytes_and_nothing_else_does) {
  const AuditReading reading{ReadingDepth::contents, made_of<ChannelId>(1), 7, 100};
  const Bytes bytes = encode_audit_reading(reading);
  const auto parsed = parse_audit_reading(bytes);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed, reading);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(parse_audit_reading(ByteView(bytes).first(size)));
  Bytes longer = bytes;
  longer.push_back(0);
  EXPECT_FALSE(parse_audit_reading(longer));
  Bytes deeper = bytes;
  deeper[1] = 2;
  EXPECT_FALSE(parse_audit_reading(deeper));
  EXPECT_FALSE(parse_audit_reading(encode_audit_reading({{}, made_of<ChannelId>(1), 0, 0})));
}

// -- asking ---------------------------------------------------------------------------------------

TEST_F(GrantTest, an_auditor_asks_for_itself_and_nobody_for_another) {
  EXPECT_EQ(judged(request()), "accepted");
  Proposal for_another = request();
  for_another.author = other_auditor_.id();
  EXPECT_EQ(judged(for_another), "forbidden");
  Proposal by_member = request();
  by_member.author = police_.id();
  EXPECT_EQ(judged(by_member), "forbidden");
  Proposal to_a_member = request();
  to_a_member.author = police_.id();
  to_a_member.change.grant->auditor_device = police_.id();
  to_a_member.change.grant->hpke_key = police_.certificate.hpke_key;
  EXPECT_EQ(judged(to_a_member), "record_invalid");
  world_.revoke(auditor_);
  EXPECT_EQ(judged(request()), "device_revoked");
}

TEST_F(GrantTest, a_request_says_truly_what_time_its_epochs_cover) {
  const Proposal proposal = request();
  EXPECT_EQ(proposal.times.to_ms, proposal.times.from_ms + 2 * a_day_ms);
  EXPECT_EQ(request(2, 3).times.to_ms, 0u) << "the third is in force";
  Proposal earlier = proposal;
  earlier.times.from_ms -= 1;
  EXPECT_EQ(judged(earlier), "record_invalid");
  EXPECT_EQ(judged(request(3, 4)), "record_invalid");
  EXPECT_EQ(judged(request(0, 1)), "record_invalid");
}

TEST_F(GrantTest, requests_lapse_and_are_bounded) {
  Proposal late = request();
  late.expires_ms = world_.now_ms + 32 * a_day_ms;
  EXPECT_EQ(judged(late), "record_invalid");
  for (std::size_t i = 0; i < waiting_of_an_agency; ++i) wait(request(), auditor_);
  EXPECT_EQ(judged(request()), "forbidden");
  world_.now_ms += 8 * a_day_ms;
  EXPECT_EQ(judged(request()), "accepted");
}

TEST_F(GrantTest, a_closed_channel_still_takes_requests_and_grants) {
  const Proposal proposal = request();
  wait(proposal, auditor_);
  TestChannel::Draft close = channel_.follow(police_, RecordOp::close, closing());
  close.approvals.push_back(channel_.approve(close, prosecutor_));
  ASSERT_EQ(channel_.append(close), "accepted");
  book_.apply_record(close.record);
  EXPECT_NE(book_.find(proposal.channel, proposal.id), nullptr);
  EXPECT_EQ(judged(request()), "accepted");
  EXPECT_EQ(judged(approving(proposal, police_supervisor_)), "accepted");
  EXPECT_TRUE(find_progress(now(), proposal, {}, officer_.id()));
  give(proposal);
}

// -- approving ------------------------------------------------------------------------------------

TEST_F(GrantTest, supervisors_of_the_roster_and_of_the_auditor_see_it_and_approve) {
  const Proposal proposal = request();
  wait(proposal, auditor_);
  const auto sees = [&](const TestDevice& device) {
    return may_see_grant(now(), proposal, device.id());
  };
  EXPECT_TRUE(sees(auditor_));
  EXPECT_TRUE(sees(police_supervisor_));
  EXPECT_TRUE(sees(oversight_supervisor_));
  EXPECT_FALSE(sees(other_auditor_));
  EXPECT_FALSE(sees(ngo_supervisor_));
  EXPECT_EQ(judged(approving(proposal, police_supervisor_)), "accepted");
  EXPECT_EQ(judged(approving(proposal, oversight_supervisor_)), "accepted");
  EXPECT_EQ(judged(approving(proposal, ngo_supervisor_)), "not_found");
  EXPECT_EQ(judged(approving(proposal, prosecutor_)), "approval_invalid");
  EXPECT_EQ(judged(approving(proposal, auditor_)), "approval_invalid");
}

TEST_F(GrantTest, a_grant_with_one_approval_too_few_is_refused) {
  const Proposal proposal = request();
  EXPECT_EQ(outcome(channel_.judge(
                record_of(proposal, officer_, approving(proposal, police_supervisor_).approvals))),
            "approval_required");
}

TEST_F(GrantTest, two_approvals_of_one_agency_are_one) {
  TestDevice& second = world_.enrol(world_.police(), Role::supervisor);
  const Proposal proposal = request();
  std::vector<Approval> approvals = approving(proposal, police_supervisor_).approvals;
  approvals.push_back(approving(proposal, second).approvals.front());
  EXPECT_EQ(outcome(channel_.judge(record_of(proposal, officer_, approvals))), "approval_required");
}

TEST_F(GrantTest, approvals_of_one_grant_do_not_serve_another_nor_other_epochs) {
  const Proposal proposal = request(1, 1);
  std::vector<Approval> approvals = approving(proposal, police_supervisor_).approvals;
  approvals.push_back(approving(proposal, prosecution_supervisor_).approvals.front());
  Proposal wider = proposal;
  wider.change.grant->last_epoch = 2;
  EXPECT_EQ(outcome(channel_.judge(record_of(wider, officer_, approvals))), "approval_invalid");
  Proposal other = proposal;
  other.change.grant->grant = made_of<GrantId>(77);
  EXPECT_EQ(outcome(channel_.judge(record_of(other, officer_, approvals))), "approval_invalid");
  ASSERT_EQ(channel_.append(record_of(proposal, officer_, approvals)), "accepted");
  EXPECT_EQ(outcome(channel_.judge(record_of(proposal, officer_, approvals))), "id_taken");
}

TEST_F(GrantTest, approvals_that_have_expired_open_nothing) {
  const Proposal proposal = request();
  std::vector<Approval> approvals = approving(proposal, police_supervisor_).approvals;
  approvals.push_back(approving(proposal, prosecution_supervisor_).approvals.front());
  world_.now_ms += 8 * a_day_ms;
  EXPECT_EQ(outcome(channel_.judge(record_of(proposal, officer_, approvals))), "approval_invalid");
}

TEST_F(GrantTest, a_read_only_member_does_not_execute_and_a_stranger_neither) {
  const Proposal proposal = request();
  std::vector<Approval> approvals = approving(proposal, police_supervisor_).approvals;
  approvals.push_back(approving(proposal, prosecution_supervisor_).approvals.front());
  EXPECT_EQ(outcome(channel_.judge(record_of(proposal, clerk_, approvals))), "read_only_member");
  EXPECT_EQ(outcome(channel_.judge(record_of(proposal, police_supervisor_, approvals))),
            "not_found");
}

TEST_F(GrantTest, its_record_takes_a_request_out_of_the_book) {
  const Proposal proposal = request();
  wait(proposal, auditor_);
  const TestChannel::Draft record = channel_.follow(officer_, RecordOp::grant, proposal.change);
  book_.apply_record(record.record);
  EXPECT_EQ(book_.find(proposal.channel, proposal.id), nullptr);
}

TEST_F(GrantTest, a_member_or_supervisor_proposes_the_withdrawal_and_strangers_do_not) {
  const Proposal proposal = request();
  give(proposal);
  Proposal withdrawal = proposal;
  withdrawal.change.grant->ends_ms = 0;
  withdrawal.author = officer_.id();
  EXPECT_EQ(judged(withdrawal), "accepted");
  withdrawal.author = police_supervisor_.id();
  EXPECT_EQ(judged(withdrawal), "accepted");
  withdrawal.author = clerk_.id();
  EXPECT_EQ(judged(withdrawal), "read_only_member");
  withdrawal.author = ngo_supervisor_.id();
  EXPECT_EQ(judged(withdrawal), "not_found");
}

// -- handling codes -------------------------------------------------------------------------------

TEST_F(GrantTest, a_handling_code_keeps_the_auditor_out_unless_the_order_covers_it) {
  ASSERT_EQ(say(police_, {Restriction::none, TrafficLight::red}), "accepted");
  EXPECT_EQ(judged(request(2, 3)), "handling_code_forbids");
  EXPECT_EQ(judged(request(1, 2)), "accepted") << "the entry stands in the third epoch";
  EXPECT_EQ(judged(request(2, 3, encode_grant_order({"5/2027", true}))), "accepted");
  TestChannel::Draft record = channel_.follow(officer_, RecordOp::grant, request(3, 3).change);
  record = channel_.approved_by(record, {&police_supervisor_, &prosecution_supervisor_});
  EXPECT_EQ(outcome(channel_.judge(record)), "handling_code_forbids");
}

// -- reading --------------------------------------------------------------------------------------

TEST_F(GrantTest, a_grant_in_force_gives_entries_of_its_epochs_and_no_others) {
  const Proposal proposal = request(2, 3);
  give(proposal);
  const auto gives_now = [&](EntryHeader header) {
    return gives(grants_in_force(channel_.state, auditor_.id(), world_.now_ms), channel_.state,
                 world_.directory, header, channel_.state.newest_seq() + 1);
  };
  EntryHeader entry = channel_.entry(police_);
  EXPECT_TRUE(gives_now(entry));
  entry.epoch = 1;
  EXPECT_FALSE(gives_now(entry)) << "outside the granted epochs";
  entry.epoch = 4;
  EXPECT_FALSE(gives_now(entry));
  entry.epoch = 3;
  entry.facts = encode_common_facts({{Restriction::none, TrafficLight::red}, 0, 0});
  EXPECT_FALSE(gives_now(entry)) << "it came later, and the order does not cover it";
  EXPECT_TRUE(grants_in_force(channel_.state, other_auditor_.id(), world_.now_ms).empty());
  EXPECT_TRUE(has_ever_been_granted(channel_.state, auditor_.id()));
  EXPECT_FALSE(has_ever_been_granted(channel_.state, other_auditor_.id()));
  world_.now_ms += 30 * a_day_ms;
  EXPECT_TRUE(grants_in_force(channel_.state, auditor_.id(), world_.now_ms).empty());
}

TEST_F(GrantTest, a_withdrawn_grant_gives_nothing) {
  const Proposal proposal = request(2, 3);
  give(proposal);
  Proposal withdrawal = proposal;
  withdrawal.change.grant->ends_ms = 0;
  give(withdrawal);
  EXPECT_TRUE(grants_in_force(channel_.state, auditor_.id(), world_.now_ms).empty());
  EXPECT_TRUE(has_ever_been_granted(channel_.state, auditor_.id()));
}

TEST_F(GrantTest, the_stored_state_keeps_grants_and_the_times_of_epochs) {
  give(request(2, 3));
  const auto parsed = ChannelState::parse(channel_.state.encode());
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->find_epoch_times({1, 2}), channel_.state.find_epoch_times({1, 2}));
  EXPECT_EQ(grants_in_force(*parsed, auditor_.id(), world_.now_ms).size(), 1u);
}

}  // namespace
}  // namespace oberih::sealing
