// SPDX-License-Identifier: Apache-2.0
// Which entry may stand where: C5, C6 and seen_*.
#include <gtest/gtest.h>

#include "world.hpp"

namespace oberih::sealing {
namespace {

constexpr EntryType every_type[] = {EntryType::message, EntryType::task,
                                    EntryType::hearing, EntryType::acknowledgement,
                                    EntryType::leave,   EntryType::wrap_unusable,
                                    EntryType::consent};

class EntryRulesTest : public testing::Test {
 protected:
  void open(ChannelKind kind = ChannelKind::ordinary) {
    channel_.policy = {kind, 2, History::full};
    ASSERT_EQ(channel_.append(channel_.create(chief_, {chief_.line(RosterRole::admin),
                                                       officer_.line(RosterRole::member),
                                                       clerk_.line(RosterRole::read_only)})),
              "accepted");
  }
  template <class Spoil>
  std::string spoiled(const TestDevice& sender, Spoil spoil,
                      EntryType type = EntryType::message) {
    EntryHeader header = channel_.entry(sender, type);
    EXPECT_EQ(outcome(channel_.judge(header)), "accepted");
    spoil(header);
    return outcome(channel_.judge(header));
  }

  World world_;
  TestDevice& chief_ = world_.enrol(world_.police(), Role::investigator);
  TestDevice& officer_ = world_.enrol(world_.police(), Role::investigator);
  TestDevice& clerk_ = world_.enrol(world_.police(), Role::liaison);
  TestDevice& stranger_ = world_.enrol(world_.ngo(), Role::caseworker);
  TestChannel channel_{world_};
};

TEST_F(EntryRulesTest, members_post) {
  open();
  EXPECT_EQ(channel_.post(channel_.entry(officer_)), "accepted");
  EXPECT_EQ(channel_.post(channel_.entry(chief_)), "accepted");
  EXPECT_EQ(channel_.post(channel_.entry(officer_)), "accepted");
  EXPECT_EQ(channel_.state.sender_head(officer_.id()).sender_seq, 2u);
  EXPECT_EQ(channel_.state.newest_seq(), 4u);
}

TEST_F(EntryRulesTest, stranger_learns_nothing) {
  EXPECT_EQ(outcome(channel_.judge(channel_.entry(stranger_))), "not_found");  // no channel
  open();
  EntryHeader header = channel_.entry(stranger_);
  EXPECT_EQ(outcome(channel_.judge(header)), "not_found");
  header.epoch = 99;
  header.sender_seq = 99;
  EXPECT_EQ(outcome(channel_.judge(header)), "not_found");
  EXPECT_EQ(spoiled(officer_, [](EntryHeader& h) { h.channel.bytes[0] ^= 1; }), "not_found");
}

TEST_F(EntryRulesTest, entry_names_the_record_in_force) {
  open();
  EXPECT_EQ(spoiled(officer_, [](EntryHeader& h) { h.channel_head.bytes[0] ^= 1; }), "wrong_epoch");
  EXPECT_EQ(spoiled(officer_, [](EntryHeader& h) { h.epoch += 1; }), "wrong_epoch");
  const EntryHeader late = channel_.entry(officer_);
  ASSERT_EQ(channel_.append(channel_.follow(chief_, RecordOp::rotate)), "accepted");
  EXPECT_EQ(outcome(channel_.judge(late)), "wrong_epoch");
}

TEST_F(EntryRulesTest, sender_chain_has_no_gap_no_fork_and_no_replay) {
  open();
  const EntryHeader first = channel_.entry(officer_);
  ASSERT_EQ(channel_.post(first), "accepted");
  EXPECT_EQ(channel_.post(first), "sender_chain_broken");
  EXPECT_EQ(spoiled(officer_, [](EntryHeader& h) { h.sender_seq += 1; }), "sender_chain_broken");
  EXPECT_EQ(spoiled(officer_, [](EntryHeader& h) { h.sender_prev.bytes[0] ^= 1; }),
            "sender_chain_broken");
  EXPECT_EQ(spoiled(chief_, [](EntryHeader& h) { h.sender_seq = 0; }), "sender_chain_broken");
}

TEST_F(EntryRulesTest, sender_chain_runs_across_epochs) {
  open();
  ASSERT_EQ(channel_.post(channel_.entry(officer_)), "accepted");
  ASSERT_EQ(channel_.append(channel_.follow(chief_, RecordOp::rotate)), "accepted");
  const EntryHeader next = channel_.entry(officer_);
  EXPECT_EQ(next.sender_seq, 2u);
  EXPECT_EQ(channel_.post(next), "accepted");
}

TEST_F(EntryRulesTest, what_was_seen_is_there_and_before_and_never_less) {
  open();
  for (int i = 0; i < 3; ++i) ASSERT_EQ(channel_.post(channel_.entry(officer_)), "accepted");
  EXPECT_EQ(spoiled(chief_, [](EntryHeader& h) { h.seen_hash.bytes[0] ^= 1; }), "seen_invalid");
  EXPECT_EQ(spoiled(chief_, [&](EntryHeader& h) { h.seen_seq = 1; }), "seen_invalid");
  EXPECT_EQ(spoiled(chief_, [&](EntryHeader& h) { h.seen_seq = 5; }), "seen_invalid");
  EXPECT_EQ(spoiled(chief_, [&](EntryHeader& h) { h.seen_seq = UINT64_MAX; }), "seen_invalid");
  EXPECT_EQ(spoiled(chief_, [](EntryHeader& h) { h.seen_seq = 0; }), "seen_invalid");
  const auto seen = [&](std::uint64_t seq) {
    return [&, seq](EntryHeader& h) {
      h.seen_seq = seq;
      h.seen_hash = seq == 0 ? Digest{} : channel_.leaves[seq - 1];
    };
  };
  EXPECT_EQ(spoiled(chief_, seen(0)), "accepted");
  EXPECT_EQ(spoiled(chief_, seen(2)), "accepted");
  EXPECT_EQ(spoiled(officer_, seen(3)), "accepted");  // shared by outstanding entries
  EXPECT_EQ(spoiled(officer_, seen(2)), "seen_invalid");
}

TEST_F(EntryRulesTest, readers_acknowledge_leave_and_report_and_nothing_else) {
  open();
  for (EntryType type : every_type) {
    const bool open_to_readers = type == EntryType::acknowledgement || type == EntryType::leave ||
                                 type == EntryType::wrap_unusable;
    EXPECT_EQ(outcome(channel_.judge(channel_.entry(clerk_, type))),
              open_to_readers ? "accepted" : "read_only_member")
        << name_of(type);
    EXPECT_EQ(outcome(channel_.judge(channel_.entry(officer_, type))), "accepted");
  }
}

TEST_F(EntryRulesTest, hearing_channel_carries_no_messages) {
  open(ChannelKind::hearing);
  for (EntryType type : every_type)
    EXPECT_EQ(outcome(channel_.judge(channel_.entry(chief_, type))),
              type == EntryType::message ? "entry_type_forbidden" : "accepted")
        << name_of(type);
}

TEST_F(EntryRulesTest, announcement_channel_is_read_only_to_all_but_its_admins) {
  open(ChannelKind::announcement);
  EXPECT_EQ(outcome(channel_.judge(channel_.entry(chief_))), "accepted");
  EXPECT_EQ(outcome(channel_.judge(channel_.entry(officer_))), "read_only_member");
  EXPECT_EQ(outcome(channel_.judge(channel_.entry(officer_, EntryType::acknowledgement))),
            "accepted");
}

TEST_F(EntryRulesTest, everything_but_leave_and_wrap_unusable_waits_for_a_rotation) {
  open();
  world_.revoke(clerk_);
  EXPECT_TRUE(channel_.state.rotation_due(world_.directory, world_.next_index, world_.now_ms));
  for (EntryType type : every_type) {
    const bool exempt = type == EntryType::leave || type == EntryType::wrap_unusable;
    EXPECT_EQ(outcome(channel_.judge(channel_.entry(officer_, type))),
              exempt ? "accepted" : "rotation_due")
        << name_of(type);
  }
  ASSERT_EQ(channel_.append(channel_.follow(officer_, RecordOp::change, removing({clerk_.id()}))),
            "accepted");
  EXPECT_EQ(channel_.post(channel_.entry(officer_)), "accepted");
}

TEST_F(EntryRulesTest, rotation_is_due_from_the_index_of_the_revocation_on) {
  open();
  const std::uint64_t revoked_index = world_.next_index;
  world_.revoke(clerk_);
  const ChannelState& state = channel_.state;
  EXPECT_FALSE(state.rotation_due(world_.directory, revoked_index - 1, world_.now_ms));
  EXPECT_TRUE(state.rotation_due(world_.directory, revoked_index + 1, world_.now_ms));
  EXPECT_EQ(state.lines_to_remove(world_.directory, revoked_index + 1, world_.now_ms),
            std::vector{clerk_.id()});
}

TEST_F(EntryRulesTest, rotation_is_due_when_a_mandate_ends) {
  open();
  TestDevice& guest = world_.enrol(world_.police(), Role::liaison);
  ASSERT_EQ(channel_.append(channel_.follow(
                chief_, RecordOp::change,
                adding({guest.line(RosterRole::member, world_.now_ms + 10)}))),
            "accepted");
  EXPECT_EQ(outcome(channel_.judge(channel_.entry(officer_))), "accepted");
  EXPECT_EQ(outcome(channel_.judge(channel_.entry(guest))), "accepted");
  world_.now_ms += 10;
  EXPECT_EQ(outcome(channel_.judge(channel_.entry(officer_))), "rotation_due");
  EXPECT_EQ(outcome(channel_.judge(channel_.entry(guest))), "rotation_due");
}

TEST_F(EntryRulesTest, who_leaves_is_gone_with_all_devices_until_added_again) {
  open();
  TestDevice& laptop =
      world_.enrol(world_.police(), Role::investigator, officer_.certificate.person);
  ASSERT_EQ(channel_.append(channel_.follow(chief_, RecordOp::change,
                                            adding({laptop.line(RosterRole::member)}))),
            "accepted");
  ASSERT_EQ(channel_.post(channel_.entry(officer_, EntryType::leave)), "accepted");
  EXPECT_TRUE(channel_.state.has_left(officer_.certificate.person));
  EXPECT_EQ(outcome(channel_.judge(channel_.entry(officer_))), "not_found");
  EXPECT_EQ(outcome(channel_.judge(channel_.entry(laptop, EntryType::leave))), "not_found");
  EXPECT_EQ(outcome(channel_.judge(channel_.entry(chief_))), "rotation_due");
  std::vector<DeviceId> both = {officer_.id(), laptop.id()};
  EXPECT_EQ(channel_.state.lines_to_remove(world_.directory, world_.next_index, world_.now_ms),
            both);
  EXPECT_EQ(outcome(channel_.judge(channel_.follow(chief_, RecordOp::rotate))), "record_invalid");
  ASSERT_EQ(channel_.append(channel_.follow(chief_, RecordOp::change, removing(both))),
            "accepted");
  EXPECT_TRUE(channel_.state.has_left(officer_.certificate.person));
  ASSERT_EQ(channel_.append(channel_.follow(chief_, RecordOp::change,
                                            adding({laptop.line(RosterRole::member)}))),
            "accepted");
  EXPECT_FALSE(channel_.state.has_left(officer_.certificate.person));
  EXPECT_EQ(channel_.post(channel_.entry(laptop)), "accepted");
}

TEST_F(EntryRulesTest, revoked_or_expired_sender_posts_nothing) {
  open();
  world_.revoke(officer_);
  EXPECT_EQ(outcome(channel_.judge(channel_.entry(officer_, EntryType::leave))), "device_revoked");
  world_.now_ms = World::ends_ms + 1;
  EXPECT_EQ(outcome(channel_.judge(channel_.entry(chief_))), "certificate_expired");
}

TEST_F(EntryRulesTest, closed_channel_takes_no_entries) {
  open();
  ASSERT_EQ(channel_.append(channel_.follow(chief_, RecordOp::close, closing())), "accepted");
  for (EntryType type : every_type)
    EXPECT_EQ(outcome(channel_.judge(channel_.entry(officer_, type))), "channel_closed");
}

TEST_F(EntryRulesTest, restored_leave_counts_without_moving_the_senders_chain) {
  open();
  ChannelState rebuilt = channel_.state;
  rebuilt.restore_leave(channel_.entry(officer_, EntryType::leave), world_.directory);
  EXPECT_TRUE(rebuilt.rotation_due(world_.directory, world_.next_index, world_.now_ms));
  EXPECT_FALSE(rebuilt.knows_sender(officer_.id()));
  EXPECT_EQ(rebuilt.newest_seq(), channel_.state.newest_seq());
}

}  // namespace
}  // namespace oberih::sealing
