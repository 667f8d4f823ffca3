// SPDX-License-Identifier: Apache-2.0
#include "client-cli/calendar/hearing_clashes.hpp"

#include <gtest/gtest.h>

namespace oberih::client {
namespace {

using sealing::AddresseeKind;
using sealing::HearingAddressee;

template <class Id>
Id id_of(std::uint8_t number) {
  Id id;
  id.bytes.fill(number);
  return id;
}

HearingAddressee somebody(AddresseeKind kind, std::uint8_t number) {
  HearingAddressee addressee;
  addressee.kind = kind;
  addressee.id.fill(number);
  return addressee;
}
const HearingAddressee prosecutor = somebody(AddresseeKind::person, 1);
const HearingAddressee witness = somebody(AddresseeKind::no_account, 2);
const HearingAddressee office = somebody(AddresseeKind::unit, 3);

PlannedHearing hearing(std::uint8_t number, unsigned hour, unsigned minute,
                       std::uint16_t minutes = 60) {
  PlannedHearing made;
  made.id = id_of<HearingId>(number);
  made.court = id_of<AgencyId>(9);
  made.start = {{2027, 3, 4}, hour, minute};
  made.minutes = minutes;
  return made;
}

PlannedHearing with(PlannedHearing made, std::vector<HearingAddressee> people,
                    std::uint8_t room = 0) {
  made.addressees = std::move(people);
  made.room = id_of<sealing::RoomId>(room);
  return made;
}

TEST(HearingClashes, same_person_at_overlapping_times_is_found) {
  const auto clashes = find_clashes(with(hearing(1, 10, 0), {prosecutor, witness}),
                                    {with(hearing(2, 10, 59), {witness})});
  ASSERT_EQ(clashes.size(), 1u);
  EXPECT_EQ(clashes[0].with, id_of<HearingId>(2));
  EXPECT_EQ(clashes[0].people, std::vector<HearingAddressee>{witness});
  EXPECT_FALSE(clashes[0].is_same_room);
}

TEST(HearingClashes, one_may_begin_when_the_other_ends) {
  const PlannedHearing ten = with(hearing(1, 10, 0), {prosecutor}, 5);
  EXPECT_TRUE(find_clashes(ten, {with(hearing(2, 11, 0), {prosecutor}, 5)}).empty());
  EXPECT_TRUE(find_clashes(ten, {with(hearing(2, 9, 0), {prosecutor}, 5)}).empty());
  EXPECT_EQ(find_clashes(ten, {with(hearing(2, 9, 0, 61), {prosecutor}, 5)}).size(), 1u);
}

TEST(HearingClashes, rooms_are_compared_by_id_and_no_room_is_none) {
  const PlannedHearing in_room = with(hearing(1, 10, 0), {prosecutor}, 5);
  const auto clashes = find_clashes(
      in_room, {with(hearing(2, 10, 30), {witness}, 5), with(hearing(3, 10, 30), {witness}, 6)});
  ASSERT_EQ(clashes.size(), 1u);
  EXPECT_TRUE(clashes[0].is_same_room);
  EXPECT_TRUE(clashes[0].people.empty());
  EXPECT_TRUE(
      find_clashes(with(hearing(1, 10, 0), {prosecutor}), {with(hearing(2, 10, 0), {witness})})
          .empty());
}

TEST(HearingClashes, neither_itself_nor_another_court_nor_a_unit_clashes) {
  const PlannedHearing moved = with(hearing(1, 10, 0), {prosecutor, office}, 5);
  PlannedHearing elsewhere = with(hearing(2, 10, 0), {prosecutor}, 5);
  elsewhere.court = id_of<AgencyId>(8);
  EXPECT_TRUE(find_clashes(moved, {with(hearing(1, 10, 0), {prosecutor}, 5), elsewhere,
                                   with(hearing(3, 10, 0), {office}, 6)})
                  .empty());
}

TEST(HearingClashes, a_session_over_the_change_of_clocks_lasts_as_long_as_it_lasts) {
  PlannedHearing night = with(hearing(1, 2, 0, 90), {prosecutor});
  night.start = {{2027, 3, 28}, 2, 30};  // 03:00 becomes 04:00: it ends at 05:00
  PlannedHearing early = with(hearing(2, 4, 59, 30), {prosecutor});
  early.start = {{2027, 3, 28}, 4, 59};
  EXPECT_EQ(find_clashes(night, {early}).size(), 1u);
  early.start.hour = 5, early.start.minute = 0;
  EXPECT_TRUE(find_clashes(night, {early}).empty());
}

TEST(HearingClashes, times_that_no_clock_shows_are_left_to_the_rules) {
  PlannedHearing never = with(hearing(1, 25, 0), {prosecutor});
  EXPECT_TRUE(find_clashes(never, {with(hearing(2, 10, 0), {prosecutor})}).empty());
  EXPECT_TRUE(find_clashes(with(hearing(2, 10, 0), {prosecutor}), {never}).empty());
}

}  // namespace
}  // namespace oberih::client
