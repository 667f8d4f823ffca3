// SPDX-License-Identifier: Apache-2.0
// Which devices come to a channel without anybody's being asked, and which never do. Whatever the
// state proposes, the judge must take from any member alone.
#include <gtest/gtest.h>

#include "world.hpp"

namespace oberih::sealing {
namespace {

class FurtherDevices : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(channel_.append(channel_.create(
                  chief_, {chief_.line(RosterRole::admin), officer_.line(RosterRole::member)})),
              "accepted");
  }
  TestDevice& new_device_of(const TestDevice& device) {
    return world_.enrol(world_.police(), device.certificate.role, device.certificate.person);
  }
  Roster further() const {
    return channel_.state.further_devices(world_.directory, world_.next_index, world_.now_ms);
  }
  std::string append(const TestDevice& author, const Change& change) {
    return channel_.append(channel_.follow(author, RecordOp::change, change));
  }

  World world_;
  TestDevice& chief_ = world_.enrol(world_.police(), Role::investigator);
  TestDevice& officer_ = world_.enrol(world_.police(), Role::investigator);
  TestDevice& spare_ = new_device_of(officer_);  // was there, and was not taken along
  TestChannel channel_{world_};
};

TEST_F(FurtherDevices, nobody_comes_where_nothing_is_new) { EXPECT_TRUE(further().empty()); }

TEST_F(FurtherDevices, a_new_laptop_comes_with_the_same_role_and_any_member_may_bring_it) {
  TestDevice& laptop = new_device_of(chief_);
  world_.enrol(world_.police(), Role::investigator);  // somebody else
  ASSERT_EQ(further(), (Roster{laptop.line(RosterRole::admin)}));
  EXPECT_EQ(append(officer_, adding(further())), "accepted");
  EXPECT_TRUE(further().empty());
}

TEST_F(FurtherDevices, a_new_laptop_comes_after_the_stolen_one_was_revoked_and_removed) {
  world_.revoke(officer_);
  ASSERT_EQ(append(chief_, removing({officer_.id()})), "accepted");
  EXPECT_TRUE(further().empty());
  TestDevice& laptop = new_device_of(officer_);
  ASSERT_EQ(further(), (Roster{laptop.line(RosterRole::member)}));
  EXPECT_EQ(append(chief_, adding(further())), "accepted");
}

TEST_F(FurtherDevices, the_stolen_one_goes_and_the_new_one_comes_in_one_record) {
  world_.revoke(officer_);
  TestDevice& laptop = new_device_of(officer_);
  Change change = adding(further());
  change.remove = removing({officer_.id()}).remove;
  ASSERT_EQ(append(chief_, change), "accepted");
  EXPECT_NE(channel_.state.find_member(laptop.id()), nullptr);
}

TEST_F(FurtherDevices, who_was_removed_or_left_is_not_brought_back) {
  ASSERT_EQ(append(chief_, removing({officer_.id()})), "accepted");
  new_device_of(officer_);
  EXPECT_TRUE(further().empty());
}

TEST_F(FurtherDevices, who_left_is_not_brought_back) {
  ASSERT_EQ(channel_.post(channel_.entry(officer_, EntryType::leave)), "accepted");
  new_device_of(officer_);
  EXPECT_TRUE(further().empty());
}

TEST_F(FurtherDevices, a_device_that_was_taken_out_on_purpose_stays_out) {
  TestDevice& laptop = new_device_of(officer_);
  ASSERT_EQ(append(chief_, adding(further())), "accepted");
  ASSERT_EQ(append(chief_, removing({laptop.id()})), "accepted");
  EXPECT_TRUE(further().empty());
}

TEST_F(FurtherDevices, a_revoked_device_and_an_ended_line_bring_nobody) {
  TestDevice& laptop = new_device_of(officer_);
  world_.revoke(laptop);
  EXPECT_TRUE(further().empty());
  TestDevice& guest = world_.enrol(world_.police(), Role::liaison);
  ASSERT_EQ(append(chief_, adding({guest.line(RosterRole::member, world_.now_ms + 10)})),
            "accepted");
  new_device_of(guest);
  EXPECT_EQ(further().size(), 1u);
  world_.now_ms += 10;
  EXPECT_TRUE(further().empty());
}

TEST_F(FurtherDevices, a_stored_state_proposes_the_same) {
  new_device_of(chief_);
  ASSERT_EQ(channel_.post(channel_.entry(officer_, EntryType::wrap_unusable)), "accepted");
  const ChannelState back = ChannelState::parse(channel_.state.encode()).value();
  EXPECT_EQ(back.further_devices(world_.directory, world_.next_index, world_.now_ms), further());
  EXPECT_TRUE(back.is_wrap_unusable());
  EXPECT_EQ(back.unusable_epoch(), 1u);
}

}  // namespace
}  // namespace oberih::sealing
