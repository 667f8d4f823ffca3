// SPDX-License-Identifier: Apache-2.0
// The form of the chain of records: what may follow what, whoever signs it.
#include "protocol/sealing/record_rules.hpp"

#include "world.hpp"

namespace oberih::sealing {
namespace {

class RecordRulesTest : public testing::Test {
 protected:
  void open(History history = History::full, ChannelKind kind = ChannelKind::ordinary) {
    channel_.policy = {kind, 2, history};
    ASSERT_EQ(channel_.append(channel_.create(
                  chief_, {chief_.line(RosterRole::admin), officer_.line(RosterRole::member)})),
              "accepted");
  }
  /// What is said of a good record after it was spoiled.
  template <class Spoil>
  std::string spoiled(TestChannel::Draft draft, Spoil spoil) {
    EXPECT_EQ(outcome(channel_.judge(draft)), "accepted");
    spoil(draft.record);
    return outcome(channel_.judge(draft));
  }
  template <class Spoil>
  std::string spoiled_create(Spoil spoil) {
    TestChannel::Draft draft = channel_.create(chief_, {chief_.line(RosterRole::admin)});
    spoil(draft.record);
    draft.record.channel = derive_channel_id(draft.record);
    return outcome(channel_.judge(draft));
  }

  World world_;
  TestDevice& chief_ = world_.enrol(world_.police(), Role::investigator);
  TestDevice& officer_ = world_.enrol(world_.police(), Role::investigator);
  TestDevice& third_ = world_.enrol(world_.police(), Role::investigator);
  TestDevice& auditor_ = world_.enrol(world_.oversight(), Role::auditor);
  TestChannel channel_{world_};
};

TEST_F(RecordRulesTest, create_begins_with_ones_and_certifies_its_own_id) {
  EXPECT_EQ(spoiled_create([](ChannelRecord&) {}), "accepted");
  EXPECT_EQ(spoiled_create([](ChannelRecord& r) { r.seq = 2; }), "record_invalid");
  EXPECT_EQ(spoiled_create([](ChannelRecord& r) { r.epoch = 2; }), "record_invalid");
  EXPECT_EQ(spoiled_create([](ChannelRecord& r) { r.prev_epoch = 1; }), "record_invalid");
  EXPECT_EQ(spoiled_create([](ChannelRecord& r) { r.prev_box_hash = made_of<Digest>(1); }),
            "record_invalid");
  EXPECT_EQ(spoiled_create([](ChannelRecord& r) { r.change.close_reason = "x"; }),
            "record_invalid");
  TestChannel::Draft draft = channel_.create(chief_, {chief_.line(RosterRole::admin)});
  draft.record.channel.bytes[0] ^= 1;
  EXPECT_EQ(outcome(channel_.judge(draft)), "record_invalid");
}

TEST_F(RecordRulesTest, create_stands_once_and_before_all_else) {
  EXPECT_EQ(outcome(channel_.judge(channel_.follow(chief_, RecordOp::rotate))), "not_found");
  open();
  EXPECT_EQ(channel_.append(channel_.create(chief_, {chief_.line(RosterRole::admin)})), "id_taken");
}

TEST_F(RecordRulesTest, policy_asks_for_approvals_and_a_case_for_two) {
  const auto with = [&](ChannelKind kind, std::uint8_t k) {
    return spoiled_create([&](ChannelRecord& r) { r.policy = {kind, k, History::full}; });
  };
  EXPECT_EQ(with(ChannelKind::ordinary, 0), "record_invalid");
  EXPECT_EQ(with(ChannelKind::ordinary, 1), "accepted");
  EXPECT_EQ(with(ChannelKind::case_, 1), "record_invalid");
  EXPECT_EQ(with(ChannelKind::case_, 2), "accepted");
}

TEST_F(RecordRulesTest, record_follows_the_newest_one) {
  open();
  const TestChannel::Draft good = channel_.follow(chief_, RecordOp::rotate);
  EXPECT_EQ(spoiled(good, [](ChannelRecord& r) { r.seq += 1; }), "record_out_of_order");
  EXPECT_EQ(spoiled(good, [](ChannelRecord& r) { r.seq -= 1; }), "record_out_of_order");
  EXPECT_EQ(spoiled(good, [](ChannelRecord& r) { r.prev_record.bytes[0] ^= 1; }),
            "record_out_of_order");
  EXPECT_EQ(spoiled(good, [](ChannelRecord& r) { r.channel.bytes[0] ^= 1; }), "record_invalid");
  EXPECT_EQ(channel_.append(good), "accepted");
  EXPECT_EQ(channel_.append(good), "record_out_of_order");
}

TEST_F(RecordRulesTest, stranger_is_told_not_found_whatever_the_record_says) {
  open();
  TestChannel::Draft draft = channel_.follow(third_, RecordOp::rotate);
  EXPECT_EQ(outcome(channel_.judge(draft)), "not_found");
  draft.record.seq = 99;
  draft.record.epoch = 99;
  EXPECT_EQ(outcome(channel_.judge(draft)), "not_found");
}

TEST_F(RecordRulesTest, new_epoch_follows_and_boxes_an_earlier_one) {
  open();
  const TestChannel::Draft good = channel_.follow(chief_, RecordOp::rotate);
  EXPECT_EQ(spoiled(good, [](ChannelRecord& r) { r.epoch += 1; }), "record_invalid");
  EXPECT_EQ(spoiled(good, [](ChannelRecord& r) { r.epoch -= 1; }), "record_invalid");
  EXPECT_EQ(spoiled(good, [](ChannelRecord& r) { r.prev_epoch = 0; }), "record_invalid");
  EXPECT_EQ(spoiled(good, [](ChannelRecord& r) { r.prev_epoch = r.epoch; }), "record_invalid");
  EXPECT_EQ(spoiled(good, [](ChannelRecord& r) { r.prev_epoch = r.epoch + 1; }), "record_invalid");
  EXPECT_EQ(spoiled(good, [](ChannelRecord& r) { r.prev_box_hash = {}; }), "record_invalid");
  EXPECT_EQ(channel_.append(good), "accepted");
  // The newest epoch whose key the author could open need not be the last one.
  EXPECT_EQ(spoiled(channel_.follow(chief_, RecordOp::rotate),
                    [](ChannelRecord& r) { r.prev_epoch = 1; }),
            "accepted");
}

TEST_F(RecordRulesTest, history_from_joining_has_no_box) {
  open(History::from_joining);
  const TestChannel::Draft good = channel_.follow(chief_, RecordOp::rotate);
  EXPECT_EQ(spoiled(good, [](ChannelRecord& r) { r.prev_epoch = 1; }), "record_invalid");
  EXPECT_EQ(spoiled(good, [](ChannelRecord& r) { r.prev_box_hash = made_of<Digest>(1); }),
            "record_invalid");
}

TEST_F(RecordRulesTest, each_op_has_its_items_and_no_others) {
  open();
  const Change add = adding({third_.line(RosterRole::member)});
  const Change close = closing();
  const Change grant = granting(auditor_, 1, 1);
  const auto say = [&](RecordOp op, const Change& change) {
    return outcome(channel_.judge(channel_.follow(chief_, op, change)));
  };
  EXPECT_EQ(say(RecordOp::change, add), "accepted");
  EXPECT_EQ(say(RecordOp::change, {}), "record_invalid");
  EXPECT_EQ(say(RecordOp::change, close), "record_invalid");
  EXPECT_EQ(say(RecordOp::change, grant), "record_invalid");
  EXPECT_EQ(say(RecordOp::rotate, add), "record_invalid");
  EXPECT_EQ(say(RecordOp::close, {}), "record_invalid");
  EXPECT_EQ(say(RecordOp::close, close), "accepted");
  EXPECT_EQ(say(RecordOp::close, grant), "record_invalid");
  EXPECT_EQ(say(RecordOp::grant, close), "record_invalid");
  Change both = close;
  both.grant = grant.grant;
  EXPECT_EQ(say(RecordOp::close, both), "record_invalid");
  EXPECT_EQ(say(RecordOp::grant, both), "record_invalid");
}

TEST_F(RecordRulesTest, roster_is_the_one_before_with_the_items_applied) {
  open();
  const TestChannel::Draft add =
      channel_.follow(chief_, RecordOp::change, adding({third_.line(RosterRole::member)}));
  EXPECT_EQ(spoiled(add, [](ChannelRecord& r) { r.roster.pop_back(); }), "record_invalid");
  EXPECT_EQ(spoiled(add, [](ChannelRecord& r) { r.roster.back().role = RosterRole::admin; }),
            "record_invalid");
  EXPECT_EQ(spoiled(add, [](ChannelRecord& r) { r.roster[0].ends_ms = 1; }), "record_invalid");
  const TestChannel::Draft rotate = channel_.follow(chief_, RecordOp::rotate);
  EXPECT_EQ(spoiled(rotate, [&](ChannelRecord& r) {
              r.roster.push_back(third_.line(RosterRole::member));
            }),
            "record_invalid");
  EXPECT_EQ(spoiled(rotate, [](ChannelRecord& r) { r.policy.approvals_k = 1; }), "record_invalid");
}

TEST_F(RecordRulesTest, items_fit_the_roster_before) {
  open();
  const auto say = [&](const Change& change) {
    return outcome(channel_.judge(channel_.follow(chief_, RecordOp::change, change)));
  };
  EXPECT_EQ(say(adding({officer_.line(RosterRole::admin)})), "record_invalid");
  EXPECT_EQ(say(removing({third_.id()})), "record_invalid");
  EXPECT_EQ(say(altering(third_.line(RosterRole::member))), "record_invalid");
  EXPECT_EQ(say(altering(officer_.line(RosterRole::member))), "record_invalid");  // nothing new
  EXPECT_EQ(say(altering(officer_.line(RosterRole::read_only))), "accepted");
  RosterLine other_key = officer_.line(RosterRole::read_only);
  other_key.hpke_key = third_.certificate.hpke_key;
  EXPECT_EQ(say(altering(other_key)), "record_invalid");
  Change both = removing({officer_.id()});
  both.alter = altering(officer_.line(RosterRole::read_only)).alter;
  EXPECT_EQ(say(both), "record_invalid");
}

TEST_F(RecordRulesTest, new_lines_are_active_devices_of_people_who_may_sit) {
  open();
  const auto add = [&](const RosterLine& line) {
    return outcome(channel_.judge(channel_.follow(chief_, RecordOp::change, adding({line}))));
  };
  EXPECT_EQ(add(world_.admin_of(world_.police()).line(RosterRole::member)), "record_invalid");
  EXPECT_EQ(add(auditor_.line(RosterRole::read_only)), "record_invalid");
  RosterLine swapped = third_.line(RosterRole::member);
  swapped.hpke_key = crypto::generate_hpke_keys().public_key;
  EXPECT_EQ(add(swapped), "record_invalid");
  EXPECT_EQ(add(third_.line(RosterRole::member, world_.now_ms)), "record_invalid");
  EXPECT_EQ(add(third_.line(RosterRole::member, world_.now_ms + 1)), "accepted");
  const TestDevice ghost = world_.prepare(world_.police(), Role::investigator);
  EXPECT_EQ(add(ghost.line(RosterRole::member)), "unknown_device");
  world_.revoke(third_);
  EXPECT_EQ(add(third_.line(RosterRole::member)), "device_revoked");
}

TEST_F(RecordRulesTest, line_that_is_revoked_or_ended_goes_with_the_next_record) {
  open();
  ASSERT_EQ(channel_.append(channel_.follow(
                chief_, RecordOp::change,
                adding({third_.line(RosterRole::member, world_.now_ms + 100)}))),
            "accepted");
  world_.revoke(officer_);
  world_.now_ms += 100;
  EXPECT_EQ(outcome(channel_.judge(channel_.follow(chief_, RecordOp::rotate))), "record_invalid");
  EXPECT_EQ(outcome(channel_.judge(
                channel_.follow(chief_, RecordOp::change, removing({officer_.id()})))),
            "record_invalid");
  EXPECT_EQ(outcome(channel_.judge(channel_.follow(
                chief_, RecordOp::change, removing({officer_.id(), third_.id()})))),
            "accepted");
}

TEST_F(RecordRulesTest, ended_line_may_get_a_later_end_but_a_revoked_one_not) {
  open();
  ASSERT_EQ(channel_.append(channel_.follow(
                chief_, RecordOp::change,
                adding({third_.line(RosterRole::member, world_.now_ms + 100)}))),
            "accepted");
  world_.now_ms += 100;
  const auto extend = [&](Milliseconds ends_ms) {
    return outcome(channel_.judge(channel_.follow(
        chief_, RecordOp::change, altering(third_.line(RosterRole::member, ends_ms)))));
  };
  EXPECT_EQ(extend(world_.now_ms + 100), "accepted");
  EXPECT_EQ(extend(0), "accepted");
  EXPECT_EQ(extend(world_.now_ms - 1), "record_invalid");
  world_.revoke(third_);
  EXPECT_EQ(extend(0), "record_invalid");
}

TEST_F(RecordRulesTest, expired_certificate_forces_nobody_off_the_roster) {
  open();
  DeviceCertificate renewal = chief_.certificate;
  renewal.not_after_ms = World::ends_ms + 1'000'000;
  ASSERT_EQ(outcome(world_.append(World::certify(renewal, world_.admin_of(world_.police()).signer,
                                                 chief_.signer),
                                  journal::LeafKind::device_certificate)),
            "accepted");
  world_.now_ms = World::ends_ms + 1;  // officer_ has expired, chief_ has not
  EXPECT_FALSE(channel_.state.rotation_due(world_.directory, world_.next_index, world_.now_ms));
  EXPECT_EQ(outcome(channel_.judge(channel_.follow(officer_, RecordOp::rotate))),
            "certificate_expired");
  EXPECT_EQ(outcome(channel_.judge(channel_.follow(chief_, RecordOp::rotate))), "accepted");
}

TEST_F(RecordRulesTest, history_is_fixed_for_ever) {
  open();
  const auto set = [&](const ChannelPolicy& policy) {
    return outcome(channel_.judge(channel_.follow(chief_, RecordOp::change, setting(policy))));
  };
  EXPECT_EQ(set({ChannelKind::ordinary, 2, History::from_joining}), "record_invalid");
  EXPECT_EQ(set({ChannelKind::ordinary, 0, History::full}), "record_invalid");
  EXPECT_EQ(set({ChannelKind::ordinary, 3, History::full}), "accepted");
}

TEST_F(RecordRulesTest, close_repeats_everything_and_has_no_wraps) {
  open();
  const TestChannel::Draft good = channel_.follow(chief_, RecordOp::close, closing());
  EXPECT_EQ(spoiled(good, [](ChannelRecord& r) { r.epoch += 1; }), "record_invalid");
  EXPECT_EQ(spoiled(good, [](ChannelRecord& r) { r.key_commitment.bytes[0] ^= 1; }),
            "record_invalid");
  EXPECT_EQ(spoiled(good, [](ChannelRecord& r) { r.message_key_commitment.bytes[0] ^= 1; }),
            "record_invalid");
  EXPECT_EQ(spoiled(good, [](ChannelRecord& r) { r.prev_epoch = 1; }), "record_invalid");
  EXPECT_EQ(spoiled(good, [](ChannelRecord& r) { r.prev_box_hash = made_of<Digest>(1); }),
            "record_invalid");
  EXPECT_EQ(spoiled(good, [](ChannelRecord& r) { r.wraps_root = made_of<Digest>(1); }),
            "record_invalid");
  EXPECT_EQ(spoiled(good, [](ChannelRecord& r) { r.roster.pop_back(); }), "record_invalid");
  EXPECT_EQ(spoiled(good, [](ChannelRecord& r) { r.policy.approvals_k += 1; }), "record_invalid");
}

TEST_F(RecordRulesTest, after_close_there_are_grants_alone) {
  open();
  ASSERT_EQ(channel_.append(channel_.follow(chief_, RecordOp::close, closing())), "accepted");
  EXPECT_TRUE(channel_.state.is_closed());
  EXPECT_EQ(channel_.append(channel_.follow(chief_, RecordOp::rotate)), "channel_closed");
  EXPECT_EQ(channel_.append(channel_.follow(chief_, RecordOp::close, closing())),
            "channel_closed");
  EXPECT_EQ(channel_.append(channel_.follow(chief_, RecordOp::grant, granting(auditor_, 1, 1))),
            "approval_required");
}

TEST_F(RecordRulesTest, quoted_checkpoint_never_shrinks) {
  open();
  TestChannel::Draft draft = channel_.follow(chief_, RecordOp::rotate);
  draft.record.log_size = 50;
  ASSERT_EQ(channel_.append(draft), "accepted");
  draft = channel_.follow(chief_, RecordOp::rotate);
  EXPECT_EQ(draft.record.log_size, 50u);
  draft.record.log_size = 49;
  EXPECT_EQ(outcome(channel_.judge(draft)), "checkpoint_unknown");
  EntryHeader header = channel_.entry(chief_);
  header.log_size = 49;
  EXPECT_EQ(outcome(channel_.judge(header)), "checkpoint_unknown");
  header.log_size = 51;
  ASSERT_EQ(channel_.post(header), "accepted");
  draft = channel_.follow(chief_, RecordOp::rotate);
  draft.record.log_size = 50;
  EXPECT_EQ(outcome(channel_.judge(draft)), "checkpoint_unknown");
}

TEST_F(RecordRulesTest, record_stands_at_the_channels_next_sequence) {
  open();
  const TestChannel::Draft draft = channel_.follow(chief_, RecordOp::rotate);
  const SignedRecord signed_record{encode_record_content(draft.record), {}, {}};
  Place place = channel_.place();
  place.channel_seq += 1;
  EXPECT_EQ(outcome(channel_.state.judge_record(draft.record, signed_record, world_.directory,
                                                place)),
            "record_out_of_order");
}

TEST_F(RecordRulesTest, a_roster_holds_1024_devices_and_not_one_more) {
  Roster all{chief_.line(RosterRole::admin)};
  while (all.size() < 1'023)
    all.push_back(world_.enrol(world_.police(), Role::investigator).line(RosterRole::member));
  ASSERT_EQ(channel_.append(channel_.create(chief_, all)), "accepted");
  const auto adding_two = adding(
      {officer_.line(RosterRole::member), third_.line(RosterRole::member)});
  EXPECT_EQ(outcome(channel_.judge(channel_.follow(chief_, RecordOp::change, adding_two))),
            "roster_too_large");
  const auto adding_one = adding({officer_.line(RosterRole::member)});
  ASSERT_EQ(channel_.append(channel_.follow(chief_, RecordOp::change, adding_one)), "accepted");
  const auto one_more = adding({third_.line(RosterRole::member)});
  EXPECT_EQ(outcome(channel_.judge(channel_.follow(chief_, RecordOp::change, one_more))),
            "roster_too_large");
}

}  // namespace
}  // namespace oberih::sealing
