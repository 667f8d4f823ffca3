// SPDX-License-Identifier: Apache-2.0
// A server that makes alerts up, or sends those of others: none of it is shown.
#include "client-cli/verification/alert_reader.hpp"

#include "tests/unit/sealing/world.hpp"

namespace oberih::client {
namespace {

class AlertReaderTest : public testing::Test {
 protected:
  AlertReaderTest() {
    alert_.agency = own();
    alert_.task = sealing::made_of<TaskId>(7);
    alert_.due_ms = world_.now_ms - 60'000;
    alert_.state = sealing::TaskState::accepted;
    alert_.minutes = 1;
    alert_.said_for_ms = world_.now_ms;
    leaf_ = {journal::LeafKind::server_event, world_.now_ms, {}, 0, {}, {}};
  }
  const AgencyId& own() { return world_.police().agency.id; }
  void list(const sealing::TestAgency& agency, const UnitId& id) {
    const sealing::Unit unit{agency.agency.id,
                             id,
                             1,
                             {},
                             "Unit",
                             {{member_.certificate.person, sealing::UnitDuty::member, {}, 0, 0}},
                             world_.admin_of(agency).id()};
    const Bytes content = sealing::encode_unit_content(unit);
    const Bytes body =
        sealing::encode_unit_body({content, world_.admin_of(agency).signer.sign("unit", content)});
    ASSERT_EQ(sealing::outcome(world_.append(body, journal::LeafKind::unit)), "accepted");
  }
  Result<VerifiedAlert> open() {
    if (leaf_.body.empty()) leaf_.body = sealing::encode_alert(alert_);
    return open_alert({9, journal::encode_leaf(leaf_)}, world_.directory, own());
  }
  std::string refused() {
    const auto opened = open();
    leaf_.body.clear();
    return opened ? "accepted" : opened.error().detail;
  }

  sealing::World world_;
  const sealing::TestDevice& member_ = world_.enrol(world_.police(), Role::investigator);
  sealing::Alert alert_;
  journal::Leaf leaf_;
};

TEST_F(AlertReaderTest, what_is_for_the_own_agency_is_taken) {
  const auto opened = open();
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->alert, alert_);
  EXPECT_EQ(opened->index, 9u);
  EXPECT_EQ(opened->server_ms, world_.now_ms);
  EXPECT_FALSE(opened->is_proven);
  leaf_.body.clear();
  alert_.unit = sealing::made_of<UnitId>(5);
  list(world_.police(), alert_.unit);
  EXPECT_TRUE(open());
}

TEST_F(AlertReaderTest, what_is_for_others_is_not_taken) {
  alert_.unit = sealing::made_of<UnitId>(6);
  EXPECT_EQ(refused(), "it names a unit that is none of the agency");
  alert_.unit = {};
  alert_.agency = world_.prosecution().agency.id;
  EXPECT_EQ(refused(), "it is for another agency");
}

TEST_F(AlertReaderTest, silence_of_ones_own_people_is_read_and_of_others_is_not) {
  sealing::SilenceAlert silence;
  silence.agency = own();
  silence.message_hash = sealing::made_of<Digest>(8);
  silence.step = EvidenceStep::acknowledged;
  silence.due_ms = silence.said_for_ms = world_.now_ms;
  silence.count = 2;
  leaf_.body = sealing::encode_silence_alert(silence);
  const auto opened = open();
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->silence, silence);
  leaf_.server_ms = world_.now_ms - 1;
  EXPECT_EQ(refused(), "it was said before its moment");
  leaf_.server_ms = world_.now_ms;
  silence.unit = sealing::made_of<UnitId>(6);
  leaf_.body = sealing::encode_silence_alert(silence);
  EXPECT_EQ(refused(), "it names a unit that is none of the agency");
  silence.unit = {};
  silence.agency = world_.prosecution().agency.id;
  leaf_.body = sealing::encode_silence_alert(silence);
  EXPECT_EQ(refused(), "it is for another agency");
  leaf_.body = {1, 6, 0};
  EXPECT_FALSE(open());
}

TEST_F(AlertReaderTest, what_is_no_alert_or_came_before_its_moment_is_not_taken) {
  leaf_.server_ms = world_.now_ms - 1;
  EXPECT_EQ(refused(), "it was said before its moment");
  leaf_.server_ms = world_.now_ms;
  leaf_.kind = journal::LeafKind::refusal;
  EXPECT_EQ(refused(), "it is no alert");
  leaf_.kind = journal::LeafKind::server_event;
  leaf_.channel_id = sealing::made_of<ChannelId>(3);
  leaf_.channel_seq = 1;
  EXPECT_EQ(refused(), "it is no alert");
  leaf_.channel_id = {};
  leaf_.channel_seq = 0;
  leaf_.body = {1, 5, 0};
  EXPECT_NE(refused(), "accepted");
  EXPECT_EQ(refused(), "accepted");
  EXPECT_FALSE(open_alert({9, {1, 2, 3}}, world_.directory, own()));
}

}  // namespace
}  // namespace oberih::client
