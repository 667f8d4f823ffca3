// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/receipt_rules.hpp"

#include "malformed_input.hpp"
#include "world.hpp"

namespace oberih::sealing {
namespace {

class ReceiptRulesTest : public testing::Test {
 protected:
  ReceiptRulesTest() {
    EXPECT_EQ(channel_.append(channel_.create(
                  chief_, {chief_.line(RosterRole::admin), officer_.line(RosterRole::member),
                           clerk_.line(RosterRole::read_only)})),
              "accepted");
    EXPECT_EQ(channel_.post(channel_.entry(chief_)), "accepted");
  }
  Receipt receipt_of(const TestDevice& device, std::uint64_t seq) const {
    return {channel_.state.channel(),
            device.id(),
            ReceiptStep::delivered,
            seq,
            seq <= channel_.leaves.size() ? channel_.leaves[seq - 1] : Digest{},
            world_.now_ms};
  }
  std::string judged(const Receipt& receipt, std::uint64_t told_seq = 0) const {
    return outcome(judge_receipt(channel_.state, world_.directory, channel_.place(), receipt,
                                 told_seq, [&](std::uint64_t seq) -> std::optional<Digest> {
                                   if (seq == 0 || seq > channel_.leaves.size())
                                     return std::nullopt;
                                   return channel_.leaves[seq - 1];
                                 }));
  }

  World world_;
  TestDevice& chief_ = world_.enrol(world_.police(), Role::investigator);
  TestDevice& officer_ = world_.enrol(world_.police(), Role::investigator);
  TestDevice& clerk_ = world_.enrol(world_.police(), Role::liaison);
  TestDevice& stranger_ = world_.enrol(world_.ngo(), Role::caseworker);
  TestChannel channel_{world_};
};

TEST_F(ReceiptRulesTest, members_and_readers_say_how_far_they_came) {
  EXPECT_EQ(judged(receipt_of(officer_, 2)), "accepted");
  EXPECT_EQ(judged(receipt_of(clerk_, 2)), "accepted");
  EXPECT_EQ(judged(receipt_of(officer_, 1)), "accepted");
}

TEST_F(ReceiptRulesTest, strangers_learn_nothing) {
  EXPECT_EQ(judged(receipt_of(stranger_, 2)), "not_found");
  Receipt elsewhere = receipt_of(officer_, 2);
  elsewhere.channel.bytes[0] ^= 1;
  EXPECT_EQ(judged(elsewhere), "not_found");
  ASSERT_EQ(channel_.post(channel_.entry(officer_, EntryType::leave)), "accepted");
  EXPECT_EQ(judged(receipt_of(officer_, 2)), "not_found");
}

TEST_F(ReceiptRulesTest, a_leaf_that_is_not_there_cannot_be_received) {
  EXPECT_EQ(judged(receipt_of(officer_, 3)), "seen_invalid");
  Receipt other = receipt_of(officer_, 2);
  other.leaf_hash.bytes[0] ^= 1;
  EXPECT_EQ(judged(other), "seen_invalid");
  EXPECT_EQ(judged(receipt_of(officer_, UINT64_MAX)), "seen_invalid");
}

TEST_F(ReceiptRulesTest, receipts_only_go_forward) {
  EXPECT_EQ(judged(receipt_of(officer_, 2), 1), "accepted");
  EXPECT_EQ(judged(receipt_of(officer_, 2), 2), "seen_invalid");
  EXPECT_EQ(judged(receipt_of(officer_, 1), 2), "seen_invalid");
}

TEST_F(ReceiptRulesTest, revoked_devices_receive_nothing_any_more) {
  world_.revoke(officer_);
  EXPECT_EQ(judged(receipt_of(officer_, 2)), "device_revoked");
  EXPECT_EQ(judged(receipt_of(clerk_, 2)), "accepted");  // though a rotation is due
}

TEST_F(ReceiptRulesTest, receipts_are_taken_after_a_close) {
  TestChannel closed(world_);
  closed.policy.approvals_k = 1;
  ASSERT_EQ(closed.append(closed.create(chief_, {chief_.line(RosterRole::admin)})), "accepted");
  ASSERT_EQ(closed.append(closed.follow(chief_, RecordOp::close, closing())), "accepted");
  const Receipt receipt{
      closed.state.channel(), chief_.id(), ReceiptStep::opened, 2, closed.leaves[1], 1};
  EXPECT_EQ(outcome(judge_receipt(closed.state, world_.directory, closed.place(), receipt, 0,
                                  [&](std::uint64_t seq) { return closed.leaves.at(seq - 1); })),
            "accepted");
}

TEST_F(ReceiptRulesTest, a_signature_is_over_every_byte) {
  const SignedReceipt good = sign_receipt(receipt_of(officer_, 2), officer_.signer);
  EXPECT_TRUE(verify_receipt_signature(good, officer_.certificate.signature_key));
  EXPECT_FALSE(verify_receipt_signature(good, chief_.certificate.signature_key));
  const auto spoiled = [&](auto spoil) {
    SignedReceipt other = good;
    spoil(other.receipt);
    return verify_receipt_signature(other, officer_.certificate.signature_key);
  };
  EXPECT_FALSE(spoiled([](Receipt& r) { r.step = ReceiptStep::opened; }));
  EXPECT_FALSE(spoiled([](Receipt& r) { r.channel_seq += 1; }));
  EXPECT_FALSE(spoiled([](Receipt& r) { r.leaf_hash.bytes[31] ^= 1; }));
  EXPECT_FALSE(spoiled([](Receipt& r) { r.client_ms += 1; }));
  EXPECT_FALSE(spoiled([](Receipt& r) { r.channel.bytes[0] ^= 1; }));
}

TEST_F(ReceiptRulesTest, a_body_comes_back_as_it_went) {
  const SignedReceipt good = sign_receipt(receipt_of(officer_, 2), officer_.signer);
  const auto back = parse_receipt_body(encode_receipt_body(good));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->receipt, good.receipt);
  EXPECT_EQ(back->signature, good.signature);
  expect_strict(encode_receipt_body(good), parse_receipt_body, false);
}

}  // namespace
}  // namespace oberih::sealing
