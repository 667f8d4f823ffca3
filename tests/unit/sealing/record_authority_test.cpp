// SPDX-License-Identifier: Apache-2.0
// Who may do what to a roster: the table of design 3.2, "Authority", row by row.
#include <gtest/gtest.h>

#include "world.hpp"

namespace oberih::sealing {
namespace {

/// A case of three agencies: police (admin, member, reader), prosecution (admin, member), NGO
/// (member).
class AuthorityTest : public testing::Test {
 protected:
  void SetUp() override {
    channel_.policy = {ChannelKind::case_, 2, History::full};
    ASSERT_EQ(channel_.append(channel_.create(
                  police_, {police_.line(admin), officer_.line(member), clerk_.line(reader)})),
              "accepted");
    ASSERT_EQ(add(police_, {prosecutor_.line(admin)}), "accepted");  // alone: k counts one agency
    TestChannel::Draft rest =
        channel_.follow(police_, RecordOp::change, adding({assistant_.line(member)}));
    rest.approvals.push_back(channel_.approve(rest, prosecutor_));
    ASSERT_EQ(channel_.append(rest), "accepted");
  }

  TestChannel::Draft draft(const TestDevice& author, const Change& change,
                           RecordOp op = RecordOp::change) {
    return channel_.follow(author, op, change);
  }
  std::string say(const TestChannel::Draft& draft) { return outcome(channel_.judge(draft)); }
  std::string alone(const TestDevice& author, const Change& change,
                    RecordOp op = RecordOp::change) {
    return say(draft(author, change, op));
  }
  std::string with(const TestDevice& author, const Change& change,
                   const std::vector<const TestDevice*>& approvers,
                   RecordOp op = RecordOp::change) {
    return say(channel_.approved_by(draft(author, change, op), approvers));
  }
  std::string add(const TestDevice& author, const Roster& lines) {
    return channel_.append(draft(author, adding(lines)));
  }

  World world_;
  TestDevice& police_ = world_.enrol(world_.police(), Role::investigator);
  TestDevice& officer_ = world_.enrol(world_.police(), Role::investigator);
  TestDevice& clerk_ = world_.enrol(world_.police(), Role::liaison);
  TestDevice& prosecutor_ = world_.enrol(world_.prosecution(), Role::prosecutor);
  TestDevice& assistant_ = world_.enrol(world_.prosecution(), Role::prosecutor);
  TestDevice& recruit_ = world_.enrol(world_.police(), Role::investigator);
  TestDevice& junior_ = world_.enrol(world_.prosecution(), Role::prosecutor);
  TestDevice& caseworker_ = world_.enrol(world_.ngo(), Role::caseworker);
  TestDevice& volunteer_ = world_.enrol(world_.ngo(), Role::caseworker);
  TestDevice& police_supervisor_ = world_.enrol(world_.police(), Role::supervisor);
  TestDevice& prosecution_supervisor_ = world_.enrol(world_.prosecution(), Role::supervisor);
  TestDevice& ngo_supervisor_ = world_.enrol(world_.ngo(), Role::supervisor);
  TestDevice& auditor_ = world_.enrol(world_.oversight(), Role::auditor);
  TestChannel channel_{world_};
};

// -- create ---------------------------------------------------------------------------------------

TEST_F(AuthorityTest, channel_is_created_by_an_admin_with_devices_of_the_own_agency_only) {
  TestChannel other(world_);
  const auto create = [&](const TestDevice& author, const Roster& roster) {
    return outcome(other.judge(other.create(author, roster)));
  };
  EXPECT_EQ(create(police_, {police_.line(admin)}), "accepted");
  EXPECT_EQ(create(police_, {police_.line(member)}), "forbidden");
  EXPECT_EQ(create(police_, {police_.line(reader)}), "read_only_member");
  EXPECT_EQ(create(police_, {police_.line(admin), prosecutor_.line(member)}), "forbidden");
  EXPECT_EQ(create(police_, {officer_.line(admin)}), "not_found");
  EXPECT_EQ(
      create(world_.admin_of(world_.police()), {world_.admin_of(world_.police()).line(admin)}),
      "record_invalid");
}

// -- alone ----------------------------------------------------------------------------------------

TEST_F(AuthorityTest, admins_rotate_members_only_for_a_cause_and_readers_do_not) {
  EXPECT_EQ(alone(police_, {}, RecordOp::rotate), "accepted");
  EXPECT_EQ(alone(officer_, {}, RecordOp::rotate), "forbidden");
  EXPECT_EQ(alone(clerk_, {}, RecordOp::rotate), "read_only_member");
  ASSERT_EQ(channel_.post(channel_.entry(assistant_, EntryType::wrap_unusable)), "accepted");
  EXPECT_EQ(alone(clerk_, {}, RecordOp::rotate), "read_only_member");
  ASSERT_EQ(channel_.append(draft(officer_, {}, RecordOp::rotate)), "accepted");
  EXPECT_EQ(alone(officer_, {}, RecordOp::rotate), "forbidden") << "one cause, one rotation";
}

TEST_F(AuthorityTest, own_people_are_added_alone_up_to_the_authors_own_role) {
  EXPECT_EQ(alone(police_, adding({recruit_.line(admin)})), "accepted");
  EXPECT_EQ(alone(officer_, adding({recruit_.line(member)})), "accepted");
  EXPECT_EQ(alone(officer_, adding({recruit_.line(reader)})), "accepted");
  EXPECT_EQ(alone(officer_, adding({recruit_.line(admin)})), "approval_required");
  EXPECT_EQ(alone(clerk_, adding({recruit_.line(reader)})), "read_only_member");
}

TEST_F(AuthorityTest, own_people_are_added_alone_up_to_the_authors_own_end) {
  TestDevice& guest = world_.enrol(world_.police(), Role::liaison);
  ASSERT_EQ(add(police_, {guest.line(member, World::ends_ms)}), "accepted");
  EXPECT_EQ(alone(guest, adding({recruit_.line(member, World::ends_ms)})), "accepted");
  EXPECT_EQ(alone(guest, adding({recruit_.line(member, World::ends_ms - 1)})), "accepted");
  EXPECT_EQ(alone(guest, adding({recruit_.line(member, World::ends_ms + 1)})), "approval_required");
  EXPECT_EQ(alone(guest, adding({recruit_.line(member)})), "approval_required");
}

TEST_F(AuthorityTest, other_agencies_people_are_added_with_approvals) {
  EXPECT_EQ(alone(police_, adding({junior_.line(member)})), "approval_required");
  EXPECT_EQ(alone(officer_, adding({junior_.line(member)})), "approval_required");
  EXPECT_EQ(with(police_, adding({junior_.line(member)}), {&prosecutor_}), "accepted");
  EXPECT_EQ(with(officer_, adding({junior_.line(member)}), {&prosecutor_}), "approval_required");
  EXPECT_EQ(with(officer_, adding({junior_.line(member)}), {&prosecutor_, &police_}), "accepted");
  EXPECT_EQ(alone(assistant_, adding({junior_.line(member)})), "accepted");  // their own
}

TEST_F(AuthorityTest, one_strange_line_makes_the_whole_item_need_approvals) {
  EXPECT_EQ(alone(police_, adding({recruit_.line(member), junior_.line(member)})),
            "approval_required");
}

TEST_F(AuthorityTest, first_device_of_an_agency_in_a_case_is_an_admin) {
  EXPECT_EQ(with(police_, adding({caseworker_.line(member)}), {&prosecutor_}), "record_invalid");
  EXPECT_EQ(with(police_, adding({caseworker_.line(admin)}), {&prosecutor_}), "accepted");
  EXPECT_EQ(
      with(police_, adding({caseworker_.line(admin), volunteer_.line(member)}), {&prosecutor_}),
      "accepted");
  EXPECT_EQ(alone(police_, adding({caseworker_.line(admin)})), "approval_required");
}

TEST_F(AuthorityTest, own_lines_are_removed_alone_but_no_admin_by_a_member) {
  EXPECT_EQ(alone(police_, removing({officer_.id()})), "accepted");
  EXPECT_EQ(alone(officer_, removing({clerk_.id()})), "accepted");
  EXPECT_EQ(alone(clerk_, removing({officer_.id()})), "read_only_member");
  ASSERT_EQ(add(police_, {recruit_.line(admin)}), "accepted");
  EXPECT_EQ(alone(police_, removing({recruit_.id()})), "accepted");
  EXPECT_EQ(alone(officer_, removing({recruit_.id()})), "approval_required");
}

TEST_F(AuthorityTest, other_agencies_lines_are_removed_with_approvals) {
  EXPECT_EQ(alone(police_, removing({assistant_.id()})), "approval_required");
  EXPECT_EQ(with(police_, removing({assistant_.id()}), {&prosecutor_}), "accepted");
}

TEST_F(AuthorityTest, nobody_removes_themselves) {
  EXPECT_EQ(alone(police_, removing({police_.id()})), "forbidden");
  EXPECT_EQ(alone(officer_, removing({officer_.id()})), "forbidden");
}

TEST_F(AuthorityTest, everybody_removes_what_is_revoked_left_or_ended) {
  ASSERT_EQ(add(police_, {recruit_.line(member, world_.now_ms + 10)}), "accepted");
  ASSERT_EQ(channel_.post(channel_.entry(assistant_, EntryType::leave)), "accepted");
  world_.revoke(officer_);
  world_.now_ms += 10;
  const std::vector<DeviceId> due =
      channel_.state.lines_to_remove(world_.directory, world_.next_index, world_.now_ms);
  EXPECT_EQ(due.size(), 3u);
  for (const TestDevice* author : {&police_, &prosecutor_, &clerk_})
    EXPECT_EQ(alone(*author, removing(due)), "accepted");
  Change more = removing(due);
  more.alter = altering(clerk_.line(member)).alter;
  EXPECT_EQ(alone(clerk_, more), "read_only_member");
  std::vector<DeviceId> one_too_many = due;
  one_too_many.push_back(prosecutor_.id());
  EXPECT_EQ(alone(clerk_, removing(one_too_many)), "read_only_member");
  EXPECT_EQ(alone(assistant_, removing(due)), "forbidden");  // has left, cannot stay
}

// -- further devices of people who are there ------------------------------------------------------

TEST_F(AuthorityTest, anybody_adds_a_new_device_of_a_person_who_is_there) {
  TestDevice& laptop =
      world_.enrol(world_.prosecution(), Role::prosecutor, prosecutor_.certificate.person);
  EXPECT_EQ(alone(officer_, adding({laptop.line(admin)})), "accepted");
  EXPECT_EQ(alone(officer_, adding({laptop.line(member)})), "approval_required");
  EXPECT_EQ(alone(officer_, adding({laptop.line(admin, World::ends_ms)})), "approval_required");
  EXPECT_EQ(alone(clerk_, adding({laptop.line(admin)})), "read_only_member");
}

TEST_F(AuthorityTest, anybody_brings_back_a_person_whose_lost_device_was_revoked) {
  world_.revoke(assistant_);
  ASSERT_EQ(channel_.append(draft(officer_, removing({assistant_.id()}))), "accepted");
  TestDevice& laptop =
      world_.enrol(world_.prosecution(), Role::prosecutor, assistant_.certificate.person);
  EXPECT_EQ(alone(officer_, adding({laptop.line(member)})), "accepted");
  EXPECT_EQ(alone(officer_, adding({laptop.line(admin)})), "approval_required");
}

TEST_F(AuthorityTest, lost_device_is_replaced_in_one_record) {
  world_.revoke(assistant_);
  TestDevice& laptop =
      world_.enrol(world_.prosecution(), Role::prosecutor, assistant_.certificate.person);
  Change change = removing({assistant_.id()});
  change.add = adding({laptop.line(member)}).add;
  EXPECT_EQ(alone(officer_, change), "accepted");
}

TEST_F(AuthorityTest, who_left_or_was_removed_comes_back_with_approvals_only) {
  TestDevice& laptop =
      world_.enrol(world_.prosecution(), Role::prosecutor, assistant_.certificate.person);
  ASSERT_EQ(channel_.post(channel_.entry(assistant_, EntryType::leave)), "accepted");
  Change change = removing({assistant_.id()});
  change.add = adding({laptop.line(member)}).add;
  EXPECT_EQ(alone(officer_, change), "approval_required");
  ASSERT_EQ(channel_.append(draft(officer_, removing({assistant_.id()}))), "accepted");
  EXPECT_EQ(alone(officer_, adding({laptop.line(member)})), "approval_required");
  EXPECT_EQ(alone(officer_, adding({assistant_.line(member)})), "approval_required");
  EXPECT_EQ(alone(prosecutor_, adding({laptop.line(member)})), "accepted");  // the own agency's
}

TEST_F(AuthorityTest, revocation_after_a_removal_for_another_cause_opens_no_way_back) {
  ASSERT_EQ(channel_.append(draft(prosecutor_, removing({assistant_.id()}))), "accepted");
  world_.revoke(assistant_);
  TestDevice& laptop =
      world_.enrol(world_.prosecution(), Role::prosecutor, assistant_.certificate.person);
  EXPECT_EQ(alone(officer_, adding({laptop.line(member)})), "approval_required");
}

// -- what always needs approvals ------------------------------------------------------------------

TEST_F(AuthorityTest, promotion_policy_and_close_need_every_agency_up_to_k) {
  const ChannelPolicy stricter{ChannelKind::case_, 3, History::full};
  const auto close = closing();
  for (const Change& change :
       {altering(officer_.line(admin)), altering(clerk_.line(member)), setting(stricter), close}) {
    const RecordOp op = change.close_reason ? RecordOp::close : RecordOp::change;
    EXPECT_EQ(alone(police_, change, op), "approval_required");
    EXPECT_EQ(alone(officer_, change, op), "approval_required");
    EXPECT_EQ(with(police_, change, {&prosecutor_}, op), "accepted");
    EXPECT_EQ(with(officer_, change, {&prosecutor_, &police_}, op), "accepted");
    EXPECT_EQ(with(officer_, change, {&police_}, op), "approval_required");
    EXPECT_EQ(with(clerk_, change, {&prosecutor_, &police_}, op), "read_only_member");
  }
}

TEST_F(AuthorityTest, admin_does_not_promote_itself_or_its_friends_alone) {
  EXPECT_EQ(alone(officer_, altering(officer_.line(admin))), "approval_required");
  EXPECT_EQ(alone(police_, altering(police_.line(admin, World::ends_ms))), "approval_required");
}

TEST_F(AuthorityTest, each_item_needs_its_own_approval) {
  Change change = altering(officer_.line(admin));
  change.policy = ChannelPolicy{ChannelKind::case_, 3, History::full};
  TestChannel::Draft both = draft(police_, change);
  both.approvals = {channel_.approve(both, prosecutor_, 0)};
  EXPECT_EQ(say(both), "approval_required");
  both.approvals.push_back(channel_.approve(both, prosecutor_, 1));
  EXPECT_EQ(say(both), "accepted");
}

TEST_F(AuthorityTest, k_is_of_agencies_and_not_of_devices) {
  ASSERT_EQ(add(police_, {recruit_.line(admin)}), "accepted");
  EXPECT_EQ(with(police_, closing(), {&recruit_}, RecordOp::close), "approval_required");
  EXPECT_EQ(with(officer_, closing(), {&recruit_, &police_}, RecordOp::close), "approval_required");
}

TEST_F(AuthorityTest, k_counts_agencies_with_an_active_admin_only) {
  world_.revoke(prosecutor_);
  // Police alone has an admin now; closing needs one agency, and the author is it.
  EXPECT_EQ(alone(police_, closing(), RecordOp::close), "accepted");
  EXPECT_EQ(alone(officer_, closing(), RecordOp::close), "approval_required");
  EXPECT_EQ(with(officer_, closing(), {&prosecutor_}, RecordOp::close), "approval_invalid");
}

TEST_F(AuthorityTest, admin_who_is_being_removed_does_not_count) {
  TestChannel::Draft removal = draft(police_, removing({prosecutor_.id()}));
  EXPECT_EQ(say(removal), "accepted");  // k = 1: the police's own admin
  removal.approvals = {channel_.approve(removal, prosecutor_)};
  EXPECT_EQ(say(removal), "approval_invalid");
  EXPECT_EQ(alone(officer_, removing({prosecutor_.id()})), "approval_required");
}

TEST_F(AuthorityTest, removing_the_last_admin_is_for_supervisors) {
  world_.revoke(prosecutor_);
  ASSERT_EQ(channel_.append(draft(officer_, removing({prosecutor_.id()}))), "accepted");
  EXPECT_EQ(alone(assistant_, removing({police_.id()})), "approval_required");
  EXPECT_EQ(with(assistant_, removing({police_.id()}), {&prosecution_supervisor_}),
            "approval_required");
  EXPECT_EQ(
      with(assistant_, removing({police_.id()}), {&prosecution_supervisor_, &police_supervisor_}),
      "accepted");
}

TEST_F(AuthorityTest, supervisors_of_roster_agencies_stand_in_where_no_admin_is_active) {
  EXPECT_EQ(
      with(officer_, closing(), {&police_supervisor_, &prosecution_supervisor_}, RecordOp::close),
      "approval_invalid");  // admins are there
  world_.revoke(police_);
  world_.revoke(prosecutor_);
  const Change cause = closing();
  EXPECT_EQ(alone(officer_, cause, RecordOp::close), "approval_required");
  EXPECT_EQ(with(officer_, cause, {&police_supervisor_}, RecordOp::close), "approval_required");
  EXPECT_EQ(with(officer_, cause, {&police_supervisor_, &ngo_supervisor_}, RecordOp::close),
            "approval_invalid");  // the NGO is not on the roster
  EXPECT_EQ(with(officer_, cause, {&police_supervisor_, &prosecution_supervisor_}, RecordOp::close),
            "accepted");
  EXPECT_EQ(with(officer_, cause, {&police_supervisor_, &assistant_}, RecordOp::close),
            "approval_invalid");
}

// -- approvals ------------------------------------------------------------------------------------

TEST_F(AuthorityTest, approval_expires) {
  TestChannel::Draft close = draft(police_, closing(), RecordOp::close);
  close.approvals = {channel_.approve(close, prosecutor_, 0, world_.now_ms)};
  EXPECT_EQ(say(close), "approval_invalid");
  close.approvals = {channel_.approve(close, prosecutor_, 0, world_.now_ms + 1)};
  EXPECT_EQ(say(close), "accepted");
}

TEST_F(AuthorityTest, approval_is_used_once) {
  const Change promotion = altering(officer_.line(admin));
  TestChannel::Draft first = draft(police_, promotion);
  const Approval approval = channel_.approve(first, prosecutor_);
  first.approvals = {approval, approval};
  EXPECT_EQ(say(first), "approval_invalid");
  first.approvals = {approval};
  ASSERT_EQ(channel_.append(first), "accepted");
  ASSERT_EQ(channel_.append(channel_.approved_by(draft(police_, altering(officer_.line(member))),
                                                 {&prosecutor_})),
            "accepted");
  TestChannel::Draft again = draft(police_, promotion);
  again.approvals = {approval};
  EXPECT_EQ(say(again), "approval_invalid");
}

TEST_F(AuthorityTest, approval_outlives_a_rotation) {
  TestChannel::Draft before = draft(police_, adding({junior_.line(member)}));
  const Approval approval = channel_.approve(before, prosecutor_);
  ASSERT_EQ(channel_.append(channel_.follow(police_, RecordOp::rotate)), "accepted");
  TestChannel::Draft after = draft(police_, adding({junior_.line(member)}));
  after.approvals = {approval};
  EXPECT_EQ(say(after), "accepted");
}

TEST_F(AuthorityTest, nobody_uses_up_an_id_that_another_has_chosen) {
  TestChannel::Draft close = draft(police_, closing(), RecordOp::close);
  const Approval good = channel_.approve(close, prosecutor_);
  TestChannel::Draft spoiler = draft(officer_, adding({junior_.line(member)}));
  spoiler.approvals = {channel_.approve(spoiler, prosecutor_), channel_.approve(spoiler, police_)};
  spoiler.approvals[1].id = good.id;
  spoiler.approvals[1].signature = police_.signer.sign(
      "approval", approval_content(spoiler.approvals[1], channel_.state.channel(),
                                   encode_change_items(spoiler.record.change)[0]));
  ASSERT_EQ(channel_.append(spoiler), "accepted");
  close = draft(police_, closing(), RecordOp::close);
  close.approvals = {good};
  EXPECT_EQ(say(close), "accepted");
}

TEST_F(AuthorityTest, approval_covers_its_channel_and_item_and_is_signed_by_its_approver) {
  TestChannel::Draft close = draft(police_, closing(), RecordOp::close);
  const Approval good = channel_.approve(close, prosecutor_);
  const auto spoiled = [&](auto spoil) {
    Approval approval = good;
    spoil(approval);
    close.approvals = {approval};
    return say(close);
  };
  EXPECT_EQ(spoiled([](Approval&) {}), "accepted");
  EXPECT_EQ(spoiled([](Approval& a) { a.item_index = 1; }), "approval_invalid");
  EXPECT_EQ(spoiled([](Approval& a) { a.id.bytes[0] ^= 1; }), "approval_invalid");
  EXPECT_EQ(spoiled([](Approval& a) { a.expires_ms += 1; }), "approval_invalid");
  EXPECT_EQ(spoiled([](Approval& a) { a.signature.bytes[0] ^= 1; }), "approval_invalid");
  EXPECT_EQ(spoiled([&](Approval& a) { a.approver = police_.id(); }), "approval_invalid");
  EXPECT_EQ(spoiled([](Approval& a) { a.approver = made_of<DeviceId>(9'999); }),
            "approval_invalid");
  close.record.change.close_reason = "another reason";
  EXPECT_EQ(spoiled([](Approval&) {}), "approval_invalid");
}

TEST_F(AuthorityTest, members_and_readers_do_not_approve) {
  for (const TestDevice* nobody : {&assistant_, &clerk_, &junior_, &caseworker_})
    EXPECT_EQ(with(police_, closing(), {nobody}, RecordOp::close), "approval_invalid");
}

TEST_F(AuthorityTest, bad_approval_is_refused_even_where_none_is_needed) {
  EXPECT_EQ(with(police_, adding({recruit_.line(member)}), {&assistant_}), "approval_invalid");
  EXPECT_EQ(with(police_, adding({recruit_.line(member)}), {&prosecutor_}), "accepted");
  TestChannel::Draft rotate = draft(police_, {}, RecordOp::rotate);
  rotate.approvals = {Approval{}};
  EXPECT_EQ(say(rotate), "approval_invalid");
}

// -- grants ---------------------------------------------------------------------------------------

TEST_F(AuthorityTest, grant_needs_supervisors_of_two_agencies) {
  const Change grant = granting(auditor_, 1, 2);
  const auto ask = [&](const std::vector<const TestDevice*>& approvers) {
    return with(officer_, grant, approvers, RecordOp::grant);
  };
  EXPECT_EQ(ask({}), "approval_required");
  EXPECT_EQ(ask({&police_supervisor_}), "approval_required");
  EXPECT_EQ(ask({&police_supervisor_, &prosecution_supervisor_}), "accepted");
  EXPECT_EQ(ask({&police_, &prosecutor_}), "approval_invalid");  // admins, not supervisors
  EXPECT_EQ(ask({&police_supervisor_, &ngo_supervisor_}), "approval_invalid");
  TestDevice& second = world_.enrol(world_.police(), Role::supervisor);
  EXPECT_EQ(ask({&police_supervisor_, &second}), "approval_required");
  EXPECT_EQ(with(clerk_, grant, {&police_supervisor_, &prosecution_supervisor_}, RecordOp::grant),
            "read_only_member");
}

TEST_F(AuthorityTest, auditors_own_supervisor_counts_but_not_alone) {
  TestDevice& overseer = world_.enrol(world_.oversight(), Role::supervisor);
  const Change grant = granting(auditor_, 1, 2);
  EXPECT_EQ(with(officer_, grant, {&overseer}, RecordOp::grant), "approval_required");
  EXPECT_EQ(with(officer_, grant, {&overseer, &police_supervisor_}, RecordOp::grant), "accepted");
}

TEST_F(AuthorityTest, grant_is_to_an_auditors_key_for_epochs_that_exist) {
  const auto ask = [&](const Change& grant) {
    return with(officer_, grant, {&police_supervisor_, &prosecution_supervisor_}, RecordOp::grant);
  };
  EXPECT_EQ(ask(granting(auditor_, 1, channel_.state.epoch())), "accepted");
  EXPECT_EQ(ask(granting(auditor_, 0, 1)), "record_invalid");
  EXPECT_EQ(ask(granting(auditor_, 2, 1)), "record_invalid");
  EXPECT_EQ(ask(granting(auditor_, 1, channel_.state.epoch() + 1)), "record_invalid");
  EXPECT_EQ(ask(granting(auditor_, 1, 1, world_.now_ms)), "record_invalid");
  EXPECT_EQ(ask(granting(volunteer_, 1, 1)), "record_invalid");
  Change other_key = granting(auditor_, 1, 1);
  other_key.grant->hpke_key = volunteer_.certificate.hpke_key;
  EXPECT_EQ(ask(other_key), "record_invalid");
  world_.revoke(auditor_);
  EXPECT_EQ(ask(granting(auditor_, 1, 1)), "device_revoked");
}

TEST_F(AuthorityTest, grant_is_withdrawn_by_the_same_fields_and_once) {
  const std::vector<const TestDevice*> supervisors = {&police_supervisor_,
                                                      &prosecution_supervisor_};
  const Change grant = granting(auditor_, 1, 2), withdrawal = granting(auditor_, 1, 2, 0);
  EXPECT_EQ(with(officer_, withdrawal, supervisors, RecordOp::grant), "record_invalid");
  ASSERT_EQ(
      channel_.append(channel_.approved_by(draft(officer_, grant, RecordOp::grant), supervisors)),
      "accepted");
  EXPECT_EQ(with(officer_, grant, supervisors, RecordOp::grant), "id_taken");
  EXPECT_EQ(with(officer_, granting(auditor_, 1, 1, 0), supervisors, RecordOp::grant),
            "record_invalid");
  EXPECT_EQ(with(officer_, withdrawal, {&police_supervisor_}, RecordOp::grant),
            "approval_required");
  ASSERT_EQ(channel_.append(
                channel_.approved_by(draft(officer_, withdrawal, RecordOp::grant), supervisors)),
            "accepted");
  EXPECT_EQ(with(officer_, withdrawal, supervisors, RecordOp::grant), "record_invalid");
}

TEST_F(AuthorityTest, close_and_grant_do_not_wait_for_a_rotation) {
  world_.revoke(officer_);
  ASSERT_TRUE(channel_.state.rotation_due(world_.directory, world_.next_index, world_.now_ms));
  EXPECT_EQ(with(police_, closing(), {&prosecutor_}, RecordOp::close), "accepted");
  EXPECT_EQ(with(police_, granting(auditor_, 1, 2), {&police_supervisor_, &prosecution_supervisor_},
                 RecordOp::grant),
            "accepted");
}

TEST_F(AuthorityTest, revoked_or_expired_device_signs_no_record) {
  world_.revoke(officer_);
  EXPECT_EQ(alone(officer_, {}, RecordOp::rotate), "record_invalid");  // its line must go first
  EXPECT_EQ(alone(officer_, removing({officer_.id()})), "device_revoked");
  world_.now_ms = World::ends_ms + 1;
  EXPECT_EQ(alone(police_, removing({officer_.id()})), "certificate_expired");
}

}  // namespace
}  // namespace oberih::sealing
