// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/unit.hpp"

#include <functional>

#include "malformed_input.hpp"
#include "protocol/encoding/hex.hpp"
#include "world.hpp"

namespace oberih::sealing {
namespace {

using journal::LeafKind;

PersonId person(std::uint32_t number) { return made_of<PersonId>(number); }

UnitLine line(const PersonId& who, UnitDuty duty, Milliseconds from_ms = 0, Milliseconds to_ms = 0,
              const PersonId& stands_in_for = {}) {
  return {who, duty, stands_in_for, from_ms, to_ms};
}

Unit known_unit() {
  Unit unit{made_of<AgencyId>(1), made_of<UnitId>(2), 1, {}, "Відділ 5", {}, made_of<DeviceId>(3)};
  unit.lines = {line(person(10), UnitDuty::member),
                line(person(10), UnitDuty::duty_officer, 1'000, 2'000),
                line(person(11), UnitDuty::supervisor),
                line(person(12), UnitDuty::deputy, 500, 900, person(10))};
  return unit;
}

std::string parsed(const Unit& unit) {
  return outcome_of(parse_unit_content(encode_unit_content(unit)));
}

TEST(Unit, has_the_bytes_that_the_design_fixes) {
  const Bytes content = encode_unit_content(known_unit());
  EXPECT_EQ(content.size(), 1 + 16 + 16 + 8 + 32 + 4 + known_unit().name.size() + 4 + 4 * 49 + 16u);
  // An independent reading: version, agency, unit, version number, zeros, name.
  EXPECT_EQ(encoding::encode_hex(ByteView(content).first(46)),
            "01"
            "000000010000000000000000000000a5"
            "000000020000000000000000000000a5"
            "0000000000000001"
            "0000000000");
  const std::size_t lines = 1 + 16 + 16 + 8 + 32 + 4 + known_unit().name.size() + 4;
  EXPECT_EQ(encoding::encode_hex(ByteView(content).subspan(lines + 3 * 49, 49)),
            "0000000c0000000000000000000000a5"
            "04"
            "0000000a0000000000000000000000a5"
            "00000000000001f4"
            "0000000000000384");
  EXPECT_EQ(encoding::encode_hex(unit_hash(content)),
            "492163707eb6d562d824a88e987f2a0ab4603cf249c1df095aa2f325ddbbc6cc");
}

TEST(Unit, is_parsed_strictly) {
  expect_strict(encode_unit_content(known_unit()), parse_unit_content);
  const Bytes body = encode_unit_body({encode_unit_content(known_unit()), {}});
  expect_strict(body, parse_unit_body, false);
  const Result<Unit> back = parse_unit_content(encode_unit_content(known_unit()));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->lines, known_unit().lines);
  EXPECT_EQ(back->name, known_unit().name);
}

TEST(Unit, refuses_nonsense) {
  const auto with = [](const std::function<void(Unit&)>& change) {
    Unit unit = known_unit();
    change(unit);
    return parsed(unit);
  };
  EXPECT_EQ(with([](Unit&) {}), "accepted");
  EXPECT_EQ(with([](Unit& u) { u.lines.clear(); }), "accepted") << "a unit that is dissolved";
  EXPECT_EQ(with([](Unit& u) { u.unit = {}; }), "malformed_object");
  EXPECT_EQ(with([](Unit& u) { u.signer = {}; }), "malformed_object");
  EXPECT_EQ(with([](Unit& u) { u.version = 0; }), "malformed_object");
  EXPECT_EQ(with([](Unit& u) { u.version = 2; }), "malformed_object");
  EXPECT_EQ(with([](Unit& u) { u.previous = made_of<Digest>(1); }), "malformed_object");
  EXPECT_EQ(with([](Unit& u) { u.name.clear(); }), "malformed_object");
  EXPECT_EQ(with([](Unit& u) { u.name = "e\u0301"; }), "malformed_object") << "not NFC";
  EXPECT_EQ(with([](Unit& u) { u.name = "Unit\n5"; }), "malformed_object");
  EXPECT_EQ(with([](Unit& u) { u.name = "Unit \u202e 5"; }), "malformed_object");
  EXPECT_EQ(with([](Unit& u) { u.name = "\xff"; }), "malformed_object");
  EXPECT_EQ(with([](Unit& u) { u.name = std::string(257, 'a'); }), "malformed_object");
}

TEST(Unit, refuses_lines_that_are_none) {
  const auto with = [](const std::vector<UnitLine>& lines) {
    Unit unit = known_unit();
    unit.lines = lines;
    return parsed(unit);
  };
  using enum UnitDuty;
  EXPECT_EQ(with({line(person(1), static_cast<UnitDuty>(0))}), "malformed_object");
  EXPECT_EQ(with({line(person(1), static_cast<UnitDuty>(5))}), "malformed_object");
  EXPECT_EQ(with({line({}, member)}), "malformed_object");
  EXPECT_EQ(with({line(person(1), member, 5, 5)}), "malformed_object");
  EXPECT_EQ(with({line(person(1), member, 5, 4)}), "malformed_object");
  EXPECT_EQ(with({line(person(1), member, 5, 6)}), "accepted");
  for (UnitDuty duty : {member, supervisor, duty_officer})
    EXPECT_EQ(with({line(person(1), duty, 0, 0, person(2))}), "malformed_object")
        << "only deputies stand in for somebody";
  EXPECT_EQ(with({line(person(1), deputy)}), "malformed_object");
  EXPECT_EQ(with({line(person(1), member), line(person(1), deputy, 0, 0, person(1))}),
            "malformed_object")
      << "one's own deputy";
  EXPECT_EQ(with({line(person(1), deputy, 0, 0, person(2))}), "malformed_object")
      << "for somebody who is not of the unit";
  EXPECT_EQ(with({line(person(1), deputy, 0, 0, person(2)), line(person(2), member)}), "accepted");
  EXPECT_EQ(with({line(person(1), deputy, 0, 0, person(2)),
                  line(person(2), deputy, 0, 0, person(3)), line(person(3), member)}),
            "malformed_object")
      << "a deputy's deputy";
}

TEST(Unit, lines_ascend_and_say_each_thing_once) {
  const auto with = [](const std::vector<UnitLine>& lines) {
    Unit unit = known_unit();
    unit.lines = lines;
    return parsed(unit);
  };
  using enum UnitDuty;
  EXPECT_EQ(with({line(person(2), member), line(person(1), member)}), "malformed_object");
  EXPECT_EQ(with({line(person(1), supervisor), line(person(1), member)}), "malformed_object");
  EXPECT_EQ(with({line(person(1), member), line(person(1), member)}), "malformed_object");
  EXPECT_EQ(with({line(person(1), duty_officer, 10, 20), line(person(1), duty_officer, 5, 9)}),
            "malformed_object");
  EXPECT_EQ(with({line(person(1), duty_officer, 5, 11), line(person(1), duty_officer, 10, 20)}),
            "malformed_object");
  EXPECT_EQ(with({line(person(1), duty_officer, 5), line(person(1), duty_officer, 10, 20)}),
            "malformed_object")
      << "without an end there is no second";
  EXPECT_EQ(with({line(person(1), duty_officer, 5, 10), line(person(1), duty_officer, 10, 20)}),
            "accepted");
  EXPECT_EQ(with({line(person(1), member), line(person(1), duty_officer, 10, 20)}), "accepted");
}

TEST(Unit, of_the_largest_size_fits_in_a_leaf) {
  Unit unit = known_unit();
  unit.name = std::string(256, 'a');
  unit.lines.clear();
  for (std::uint32_t i = 0; i < unit_lines_at_most; ++i)
    unit.lines.push_back(line(person(i + 1), UnitDuty::member));
  EXPECT_EQ(parsed(unit), "accepted");
  EXPECT_LE(encode_unit_body({encode_unit_content(unit), {}}).size(), journal::leaf_body_bytes);
  unit.lines.push_back(line(person(unit_lines_at_most + 1), UnitDuty::member));
  EXPECT_EQ(parsed(unit), "malformed_object");
}

TEST(UnitStanding, follows_the_clock_and_names_whom_one_acts_for) {
  const Unit unit = known_unit();
  const UnitStanding member = standing_in(unit, person(10), 999);
  EXPECT_TRUE(member.is_member && !member.is_duty_officer && !member.is_supervisor);
  EXPECT_TRUE(standing_in(unit, person(10), 1'000).is_duty_officer);
  EXPECT_TRUE(standing_in(unit, person(10), 1'999).is_duty_officer);
  EXPECT_FALSE(standing_in(unit, person(10), 2'000).is_duty_officer) << "an expired duty";
  EXPECT_TRUE(member.may_act_for({}));
  EXPECT_FALSE(member.may_act_for(person(10))) << "nobody stands in for oneself";

  EXPECT_FALSE(standing_in(unit, person(12), 499).is_of_unit());
  const UnitStanding deputy = standing_in(unit, person(12), 500);
  EXPECT_EQ(deputy.deputy_for, std::vector{person(10)});
  EXPECT_TRUE(deputy.may_act_for(person(10)));
  EXPECT_FALSE(deputy.may_act_for({})) << "a deputy says whom it stands in for";
  EXPECT_FALSE(deputy.may_act_for(person(11)));
  EXPECT_FALSE(deputy.may_supervise_for(person(10)));
  EXPECT_FALSE(standing_in(unit, person(12), 900).is_of_unit()) << "an expired deputy";
  EXPECT_TRUE(standing_in(unit, person(11), 5).may_supervise_for({}));
  EXPECT_FALSE(standing_in(unit, person(13), 600).is_of_unit()) << "a stranger";
}

TEST(UnitStanding, deputy_stands_in_while_the_one_absent_is_of_the_unit) {
  Unit unit = known_unit();
  unit.lines = {line(person(1), UnitDuty::supervisor, 100, 200),
                line(person(2), UnitDuty::deputy, 0, 0, person(1))};
  EXPECT_FALSE(standing_in(unit, person(2), 99).is_of_unit());
  EXPECT_TRUE(standing_in(unit, person(2), 150).may_supervise_for(person(1)));
  EXPECT_FALSE(standing_in(unit, person(2), 200).is_of_unit());
}

TEST(UnitSeats, are_members_duty_officers_and_deputies_until_their_last_line_is_over) {
  Unit unit = known_unit();
  using enum UnitDuty;
  unit.lines = {line(person(1), member),
                line(person(1), duty_officer, 10, 20),
                line(person(2), supervisor),
                line(person(3), duty_officer, 10, 20),
                line(person(3), duty_officer, 40, 50),
                line(person(4), deputy, 30, 60, person(1)),
                line(person(5), member, 0, 15)};
  const auto seats = [&](Milliseconds ms) {
    std::map<PersonId, Milliseconds> found;
    for (const UnitSeat& seat : seats_of(unit, ms)) found[seat.person] = seat.ends_ms;
    return found;
  };
  using Seats = std::map<PersonId, Milliseconds>;
  EXPECT_EQ(seats(5), (Seats{{person(1), 0}, {person(3), 50}, {person(4), 60}, {person(5), 15}}))
      << "also whose time has not begun; not the supervisor";
  EXPECT_EQ(seats(15), (Seats{{person(1), 0}, {person(3), 50}, {person(4), 60}}));
  EXPECT_EQ(seats(60), (Seats{{person(1), 0}}));
}

// -- what the directory says of it ----------------------------------------------------------------

class DirectoryUnitTest : public testing::Test {
 protected:
  Unit first(std::uint32_t number = 50) {
    const TestAgency& agency = world_.police();
    return {agency.agency.id,
            made_of<UnitId>(number),
            1,
            {},
            "Unit " + std::to_string(number),
            {line(officer_.certificate.person, UnitDuty::member)},
            admin_.id()};
  }
  Unit next(Unit unit) {
    const UnitInForce* newest = world_.directory.find_unit(unit.unit);
    unit.version = newest->unit.version + 1;
    unit.previous = newest->hash;
    return unit;
  }
  std::string append(Unit unit, const TestDevice& signer, std::string_view label = "unit") {
    unit.signer = signer.id();
    const Bytes content = encode_unit_content(unit);
    return outcome(world_.append(encode_unit_body({content, signer.signer.sign(label, content)}),
                                 LeafKind::unit));
  }
  std::string append(const Unit& unit) { return append(unit, admin_); }

  World world_;
  TestDevice& admin_ = world_.admin_of(world_.police());
  TestDevice& officer_ = world_.enrol(world_.police(), Role::investigator);
};

TEST_F(DirectoryUnitTest, administrators_and_supervisors_of_the_agency_sign) {
  const TestDevice& supervisor = world_.enrol(world_.police(), Role::supervisor);
  EXPECT_EQ(append(first(), officer_), "not_in_charge");
  EXPECT_EQ(append(first(), world_.admin_of(world_.court())), "not_in_charge")
      << "a foreign agency signs";
  EXPECT_EQ(append(first(), world_.prepare(world_.police(), Role::supervisor)), "unknown_device");
  EXPECT_EQ(append(first(), admin_, "device-revoke"), "bad_signature");
  EXPECT_EQ(append(first()), "accepted");
  EXPECT_EQ(append(next(first()), supervisor), "accepted");
  world_.revoke(supervisor);
  EXPECT_EQ(append(next(first()), supervisor), "device_revoked");
  world_.now_ms = World::ends_ms + 1;
  EXPECT_EQ(append(next(first())), "certificate_expired");
}

TEST_F(DirectoryUnitTest, signature_is_over_the_content) {
  Unit unit = first();
  const Bytes content = encode_unit_content(unit);
  unit.name = "Another";
  const Bytes body =
      encode_unit_body({encode_unit_content(unit), admin_.signer.sign("unit", content)});
  EXPECT_EQ(outcome(world_.append(body, LeafKind::unit)), "bad_signature");
}

TEST_F(DirectoryUnitTest, versions_follow_one_another_without_a_gap) {
  Unit second = first();
  second.version = 2;
  second.previous = made_of<Digest>(1);
  EXPECT_EQ(append(second), "stale_version") << "nothing to follow";
  EXPECT_EQ(append(first()), "accepted");
  EXPECT_EQ(append(first()), "stale_version") << "the same again";
  EXPECT_EQ(append(second), "stale_version") << "another predecessor";
  second = next(first());
  second.version = 3;
  EXPECT_EQ(append(second), "stale_version");
  EXPECT_EQ(append(next(first())), "accepted");
  EXPECT_EQ(world_.directory.find_unit(first().unit)->unit.version, 2u);
}

TEST_F(DirectoryUnitTest, id_and_name_belong_to_their_first_bearer) {
  ASSERT_EQ(append(first()), "accepted");
  Unit taken = next(first());
  taken.agency = world_.court().agency.id;
  taken.lines.clear();
  EXPECT_EQ(append(taken, world_.admin_of(world_.court())), "id_taken");
  Unit namesake = first(51);
  namesake.name = first().name;
  EXPECT_EQ(append(namesake), "id_taken");
  namesake.agency = world_.court().agency.id;
  namesake.lines.clear();
  EXPECT_EQ(append(namesake, world_.admin_of(world_.court())), "accepted")
      << "another agency's unit may have the same name";
  Unit renamed = next(first());
  renamed.name = "Unit of another name";
  EXPECT_EQ(append(renamed), "accepted");
  namesake.unit = made_of<UnitId>(52);
  namesake.agency = world_.police().agency.id;
  EXPECT_EQ(append(namesake), "accepted") << "a name that was given up";
}

TEST_F(DirectoryUnitTest, lines_are_of_people_of_the_agency) {
  const TestDevice& stranger = world_.enrol(world_.court(), Role::judge);
  Unit unit = first();
  unit.lines = {line(stranger.certificate.person, UnitDuty::member)};
  EXPECT_EQ(append(unit), "unknown_person");
  unit.lines = {line(person(99'999), UnitDuty::member)};
  EXPECT_EQ(append(unit), "unknown_person");
  world_.revoke(officer_);
  EXPECT_EQ(append(first()), "accepted") << "of whom no device is left, so that others can change";
}

TEST_F(DirectoryUnitTest, old_leaves_are_judged_by_the_list_of_their_time) {
  ASSERT_EQ(append(first()), "accepted");
  const std::uint64_t first_index = world_.next_index - 1;
  Unit second = next(first());
  second.lines.clear();
  world_.next_index += 10;
  ASSERT_EQ(append(second), "accepted");
  const Directory& directory = world_.directory;
  const UnitId id = second.unit;
  EXPECT_EQ(directory.find_unit_at(id, first_index - 1), nullptr);
  EXPECT_EQ(directory.find_unit_at(id, first_index)->unit.version, 1u);
  EXPECT_EQ(directory.find_unit_at(id, first_index + 10)->unit.version, 1u);
  EXPECT_EQ(directory.find_unit_at(id, first_index + 11)->unit.version, 2u);
  EXPECT_EQ(directory.find_unit(made_of<UnitId>(777)), nullptr);
  EXPECT_EQ(directory.find_unit_at(made_of<UnitId>(777), 999), nullptr);
  ASSERT_EQ(directory.units().size(), 1u);
  EXPECT_EQ(directory.units()[0]->index, first_index + 11);
  EXPECT_EQ(directory.units_of(world_.police().agency.id).size(), 1u);
  EXPECT_TRUE(directory.units_of(world_.court().agency.id).empty());
}

TEST_F(DirectoryUnitTest, refused_unit_changes_nothing) {
  EXPECT_EQ(append(first(), officer_), "not_in_charge");
  EXPECT_EQ(world_.directory.find_unit(first().unit), nullptr);
  EXPECT_TRUE(world_.directory.units().empty());
}

TEST_F(DirectoryUnitTest, a_unit_that_is_withheld_is_missed) {
  Directory directory;
  std::vector<Bytes> leaves;
  Digest previous;
  const auto add = [&](LeafKind kind, const Bytes& body) {
    leaves.push_back(
        journal::encode_leaf({kind, world_.now_ms, {}, leaves.size() + 1, previous, body}));
    previous = journal::leaf_hash(leaves.back());
  };
  const auto unit_body = [&](Unit unit) {
    unit.lines.clear();
    const Bytes content = encode_unit_content(unit);
    return encode_unit_body({content, admin_.signer.sign("unit", content)});
  };
  add(LeafKind::genesis, world_.genesis_body());
  add(LeafKind::device_certificate,
      World::certify(admin_.certificate, world_.police().root, admin_.signer));
  add(LeafKind::unit, unit_body(first(50)));
  add(LeafKind::unit, unit_body(first(51)));
  for (std::uint64_t index : {0u, 1u})
    ASSERT_EQ(outcome(directory.apply_leaf(leaves[index], index)), "accepted");
  EXPECT_EQ(outcome(directory.apply_leaf(leaves[3], 3)), "verification_failed");
  EXPECT_EQ(outcome(directory.apply_leaf(leaves[2], 2)), "accepted");
  EXPECT_EQ(outcome(directory.apply_leaf(leaves[3], 3)), "accepted");
  EXPECT_EQ(directory.count(), 4u) << "what a checkpoint's directory line counts";
}

}  // namespace
}  // namespace oberih::sealing
