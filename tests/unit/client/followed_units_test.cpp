// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/followed_units.hpp"

#include <functional>

#include "protocol/sealing/unit_mark.hpp"
#include "tests/unit/sealing/world.hpp"

namespace oberih::client {
namespace {

using journal::LeafKind;
using sealing::adding;
using sealing::TestDevice;
using sealing::UnitDuty;
using sealing::UnitLine;

/// Oksana made the channel, Petro came with the unit; Bohdan and the deputy are there to come.
class FollowedUnitsTest : public testing::Test {
 protected:
  FollowedUnitsTest() {
    lines_ = {of(petro_, UnitDuty::member)};
    list();
    append(channel_.create(oksana_, {oksana_.line(RosterRole::admin)}));
  }

  UnitLine of(const TestDevice& device, UnitDuty duty, Milliseconds to_ms = 0,
              const PersonId& absent = {}) const {
    return {device.certificate.person, duty, absent, 0, to_ms};
  }
  /// A new version of the unit with `lines_`.
  void list() {
    const sealing::UnitInForce* newest = world_.directory.find_unit(id_);
    std::sort(lines_.begin(), lines_.end());
    const sealing::Unit unit{world_.police().agency.id,
                             id_,
                             newest == nullptr ? 1 : newest->unit.version + 1,
                             newest == nullptr ? Digest{} : newest->hash,
                             "Unit 5",
                             lines_,
                             world_.admin_of(world_.police()).id()};
    const Bytes content = sealing::encode_unit_content(unit);
    const Bytes body = sealing::encode_unit_body(
        {content, world_.admin_of(world_.police()).signer.sign("unit", content)});
    ASSERT_EQ(sealing::outcome(world_.append(body, LeafKind::unit)), "accepted");
  }
  void append(const sealing::TestChannel::Draft& draft) {
    const std::uint64_t index = world_.next_index;
    ASSERT_EQ(channel_.append(draft), "accepted");
    followed_.take(draft.record, world_.directory, index, world_.now_ms);
  }
  void change(const sealing::Change& change) {
    append(channel_.follow(oksana_, sealing::RecordOp::change, change));
  }
  sealing::Change marked(const sealing::Roster& lines) const {
    sealing::Change change = adding(lines);
    change.add->mandate = sealing::with_unit_marks("Order 417", {id_});
    return change;
  }
  void come_with_the_unit() { change(marked({petro_.line(RosterRole::member)})); }
  UnitNeed need(const TestDevice& who) const {
    return find_unit_need(followed_, world_.directory, channel_.state,
                          *channel_.state.find_member(who.id()), world_.now_ms);
  }
  UnitNeed need() const { return need(oksana_); }
  std::vector<DeviceId> added() const {
    std::vector<DeviceId> devices;
    for (const sealing::RosterLine& line : need().add) devices.push_back(line.device);
    return devices;
  }
  using Devices = std::vector<DeviceId>;

  sealing::World world_;
  sealing::TestChannel channel_{world_};
  const TestDevice& oksana_ = world_.enrol(world_.police(), Role::investigator);
  const TestDevice& petro_ = world_.enrol(world_.police(), Role::investigator);
  const TestDevice& bohdan_ = world_.enrol(world_.police(), Role::investigator);
  const TestDevice& judge_ = world_.enrol(world_.court(), Role::judge);
  const UnitId id_ = sealing::made_of<UnitId>(5);
  std::vector<UnitLine> lines_;
  FollowedUnits followed_;
};

TEST_F(FollowedUnitsTest, nothing_is_followed_without_a_mark) {
  change(adding({petro_.line(RosterRole::member)}));
  lines_.push_back(of(bohdan_, UnitDuty::member));
  list();
  EXPECT_TRUE(followed_.units().empty());
  EXPECT_TRUE(need().add.empty() && need().remove.empty());
}

TEST_F(FollowedUnitsTest, a_mark_without_people_of_the_unit_is_none) {
  change(marked({bohdan_.line(RosterRole::member)}));
  EXPECT_TRUE(followed_.units().empty());
}

TEST_F(FollowedUnitsTest, whoever_the_list_names_later_comes) {
  come_with_the_unit();
  EXPECT_TRUE(need().add.empty());
  lines_.push_back(of(bohdan_, UnitDuty::duty_officer, world_.now_ms + 1'000));
  list();
  ASSERT_EQ(added(), (Devices{bohdan_.id()}));
  EXPECT_EQ(need().add[0].ends_ms, world_.now_ms + 1'000) << "until the duty is over";
  EXPECT_EQ(need().add[0].role, RosterRole::member);
  EXPECT_EQ(need().units, std::vector{id_});
  EXPECT_EQ(need(petro_).add.size(), 1u) << "any of the agency does it";
  change(marked(need().add));
  EXPECT_TRUE(need().add.empty());
}

TEST_F(FollowedUnitsTest, deputies_come_and_supervisors_do_not) {
  come_with_the_unit();
  lines_.push_back(of(bohdan_, UnitDuty::supervisor));
  list();
  EXPECT_TRUE(need().add.empty());
  lines_.push_back(of(bohdan_, UnitDuty::deputy, 0, petro_.certificate.person));
  list();
  EXPECT_EQ(added(), (Devices{bohdan_.id()}));
}

TEST_F(FollowedUnitsTest, another_agency_follows_nothing) {
  come_with_the_unit();
  change(adding({judge_.line(RosterRole::member)}));
  lines_.push_back(of(bohdan_, UnitDuty::member));
  list();
  EXPECT_TRUE(need(judge_).add.empty());
  EXPECT_EQ(need().add.size(), 1u);
}

TEST_F(FollowedUnitsTest, whoever_was_removed_on_purpose_stays_out) {
  come_with_the_unit();
  lines_.push_back(of(bohdan_, UnitDuty::member));
  list();
  change(marked(need().add));
  change(sealing::removing({bohdan_.id()}));
  EXPECT_TRUE(followed_.is_barred(bohdan_.certificate.person));
  EXPECT_TRUE(need().add.empty());
  change(adding({bohdan_.line(RosterRole::member)}));
  EXPECT_FALSE(followed_.is_barred(bohdan_.certificate.person)) << "somebody has asked them back";
}

TEST_F(FollowedUnitsTest, whoever_the_list_names_no_more_goes_and_may_come_again) {
  come_with_the_unit();
  const std::vector<UnitLine> before = lines_;
  lines_.push_back(of(bohdan_, UnitDuty::member));
  list();
  change(marked(need().add));
  lines_ = before;
  list();
  EXPECT_EQ(need().remove, (Devices{bohdan_.id()}));
  change(sealing::removing(need().remove));
  EXPECT_TRUE(need().remove.empty());
  EXPECT_FALSE(followed_.is_barred(bohdan_.certificate.person));
  lines_.push_back(of(bohdan_, UnitDuty::member));
  list();
  EXPECT_EQ(added(), (Devices{bohdan_.id()}));
}

TEST_F(FollowedUnitsTest, whom_somebody_else_brought_no_list_removes) {
  change(adding({bohdan_.line(RosterRole::member)}));
  lines_.push_back(of(bohdan_, UnitDuty::member));
  list();
  change(marked({petro_.line(RosterRole::member)}));
  lines_.pop_back();
  lines_ = {of(petro_, UnitDuty::member)};
  list();
  EXPECT_TRUE(need().remove.empty());
}

TEST_F(FollowedUnitsTest, nobody_removes_oneself) {
  come_with_the_unit();
  lines_ = {of(bohdan_, UnitDuty::member)};
  list();
  EXPECT_TRUE(need(petro_).remove.empty());
  EXPECT_EQ(need().remove, (Devices{petro_.id()}));
  EXPECT_EQ(added(), (Devices{bohdan_.id()})) << "also where a list changes all its people at once";
}

TEST_F(FollowedUnitsTest, a_place_that_has_ended_is_taken_again_with_the_next_duty) {
  come_with_the_unit();
  lines_.push_back(of(bohdan_, UnitDuty::duty_officer, world_.now_ms + 1'000));
  list();
  change(marked(need().add));
  world_.now_ms += 2'000;
  change(sealing::removing({bohdan_.id()}));
  EXPECT_TRUE(need().add.empty()) << "the duty is over";
  lines_ = {of(petro_, UnitDuty::member),
            of(bohdan_, UnitDuty::duty_officer, world_.now_ms + 5'000)};
  list();
  EXPECT_EQ(added(), (Devices{bohdan_.id()}));
}

TEST_F(FollowedUnitsTest, a_unit_that_was_removed_whole_is_followed_no_more) {
  come_with_the_unit();
  change(sealing::removing({petro_.id()}));
  lines_.push_back(of(bohdan_, UnitDuty::member));
  list();
  EXPECT_TRUE(need().add.empty());
}

TEST_F(FollowedUnitsTest, whoever_has_left_is_not_brought_back) {
  come_with_the_unit();
  lines_.push_back(of(bohdan_, UnitDuty::member));
  list();
  change(marked(need().add));
  ASSERT_EQ(channel_.post(channel_.entry(bohdan_, EntryType::leave)), "accepted");
  change(sealing::removing({bohdan_.id()}));
  EXPECT_TRUE(need().add.empty());
}

TEST_F(FollowedUnitsTest, readers_bring_readers_and_nobody_gives_a_later_end_than_the_own) {
  change(marked({petro_.line(RosterRole::read_only)}));
  lines_.push_back(of(bohdan_, UnitDuty::member));
  list();
  ASSERT_EQ(need().add.size(), 1u);
  EXPECT_EQ(need().add[0].role, RosterRole::read_only);
  const sealing::RosterLine own = oksana_.line(RosterRole::admin, world_.now_ms + 700);
  EXPECT_EQ(find_unit_need(followed_, world_.directory, channel_.state, own, world_.now_ms)
                .add[0]
                .ends_ms,
            world_.now_ms + 700);
}

TEST_F(FollowedUnitsTest, lines_of_a_unit_are_all_active_devices_of_its_people) {
  const TestDevice& second =
      world_.enrol(world_.police(), Role::investigator, petro_.certificate.person);
  const TestDevice& lost =
      world_.enrol(world_.police(), Role::investigator, petro_.certificate.person);
  world_.revoke(lost);
  const sealing::Roster lines =
      lines_of_unit(world_.directory.find_unit(id_)->unit, world_.directory, RosterRole::member, 0,
                    world_.now_ms);
  Devices devices;
  for (const sealing::RosterLine& line : lines) devices.push_back(line.device);
  EXPECT_EQ(devices, (Devices{petro_.id(), second.id()}));
}

}  // namespace
}  // namespace oberih::client
