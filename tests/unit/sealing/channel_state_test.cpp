// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/channel_state.hpp"

#include "malformed_input.hpp"
#include "world.hpp"

namespace oberih::sealing {
namespace {

/// A channel in which everything that a state remembers has happened.
class ChannelStateTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(channel_.append(channel_.create(
                  chief_, {chief_.line(RosterRole::admin), officer_.line(RosterRole::member)})),
              "accepted");
    ASSERT_EQ(channel_.append(channel_.follow(chief_, RecordOp::change,
                                              adding({prosecutor_.line(RosterRole::admin)}))),
              "accepted");
    ASSERT_EQ(channel_.append(channel_.approved_by(
                  channel_.follow(chief_, RecordOp::change,
                                  altering(officer_.line(RosterRole::read_only))),
                  {&prosecutor_})),
              "accepted");
    ASSERT_EQ(channel_.append(channel_.approved_by(
                  channel_.follow(chief_, RecordOp::grant, granting(auditor_, 1, 2)),
                  {&supervisor_, &overseer_})),
              "accepted");
    ASSERT_EQ(channel_.post(channel_.entry(chief_)), "accepted");
    ASSERT_EQ(channel_.post(channel_.entry(officer_, EntryType::leave)), "accepted");
  }

  World world_;
  TestDevice& chief_ = world_.enrol(world_.police(), Role::investigator);
  TestDevice& officer_ = world_.enrol(world_.police(), Role::investigator);
  TestDevice& prosecutor_ = world_.enrol(world_.prosecution(), Role::prosecutor);
  TestDevice& supervisor_ = world_.enrol(world_.police(), Role::supervisor);
  TestDevice& overseer_ = world_.enrol(world_.oversight(), Role::supervisor);
  TestDevice& auditor_ = world_.enrol(world_.oversight(), Role::auditor);
  TestChannel channel_{world_};
};

TEST_F(ChannelStateTest, comes_back_as_it_was_stored) {
  const Bytes bytes = channel_.state.encode();
  Result<ChannelState> back = ChannelState::parse(bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->encode(), bytes);
  EXPECT_EQ(back->channel(), channel_.state.channel());
  EXPECT_EQ(back->roster(), channel_.state.roster());
  EXPECT_EQ(back->policy(), channel_.state.policy());
  EXPECT_TRUE(back->has_left(officer_.certificate.person));
  EXPECT_NE(back->find_grant(made_of<GrantId>(1)), nullptr);
  EXPECT_EQ(back->sender_head(chief_.id()).sender_seq, 1u);
}

TEST_F(ChannelStateTest, stored_bytes_are_strict) {
  expect_strict(channel_.state.encode(), ChannelState::parse);
  expect_strict(ChannelState().encode(), ChannelState::parse);
}

TEST_F(ChannelStateTest, stored_state_judges_as_the_one_in_memory) {
  TestChannel restored(world_);
  restored.state = ChannelState::parse(channel_.state.encode()).value();
  restored.leaves = channel_.leaves;
  EXPECT_EQ(outcome(restored.judge(channel_.entry(chief_))), "rotation_due");
  const auto removal =
      channel_.follow(chief_, RecordOp::change, removing({officer_.id()}));
  EXPECT_EQ(restored.append(removal), "accepted");
  EXPECT_EQ(channel_.append(removal), "accepted");
  EXPECT_EQ(restored.state.head(), channel_.state.head());
  EXPECT_EQ(restored.post(channel_.entry(chief_)), "accepted");
}

TEST_F(ChannelStateTest, copies_are_independent) {
  const ChannelState before = channel_.state;
  ASSERT_EQ(channel_.append(channel_.follow(chief_, RecordOp::change, removing({officer_.id()}))),
            "accepted");
  EXPECT_NE(before.find_member(officer_.id()), nullptr);
  EXPECT_EQ(channel_.state.find_member(officer_.id()), nullptr);
}

TEST_F(ChannelStateTest, leaf_of_another_kind_takes_a_sequence) {
  Place place = channel_.place();
  channel_.state.apply_other(place, made_of<Digest>(1));
  EXPECT_EQ(channel_.state.newest_seq(), place.channel_seq);
  EXPECT_EQ(channel_.state.newest_leaf(), made_of<Digest>(1));
}

TEST_F(ChannelStateTest, restored_sender_goes_on_where_the_database_says) {
  ChannelState state = channel_.state;
  EXPECT_FALSE(state.knows_sender(prosecutor_.id()));
  state.restore_sender(prosecutor_.id(), {7, made_of<Digest>(7), 1, 0});
  EXPECT_TRUE(state.knows_sender(prosecutor_.id()));
  EXPECT_EQ(state.sender_head(prosecutor_.id()).sender_seq, 7u);
}

TEST(RecordSignature, is_under_its_own_label) {
  const crypto::Signer signer = new_signer();
  SignedRecord record{Bytes{1, 2, 3}, {}, {}};
  record.signature = signer.sign("channel-record", record.content);
  EXPECT_TRUE(verify_record_signature(record, signer.public_key()));
  record.signature = signer.sign("message", record.content);
  EXPECT_FALSE(verify_record_signature(record, signer.public_key()));
}

}  // namespace
}  // namespace oberih::sealing
