// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/unit_edit.hpp"

#include <gtest/gtest.h>

namespace oberih::client {
namespace {

using sealing::UnitDuty;
using sealing::UnitLine;
using enum sealing::UnitDuty;

PersonId person(std::uint8_t number) {
  PersonId id;
  id.bytes[0] = number;
  return id;
}

UnitLine line(std::uint8_t who, UnitDuty duty, Milliseconds from_ms = 0, Milliseconds to_ms = 0,
              std::uint8_t absent = 0) {
  return {person(who), duty, absent == 0 ? PersonId{} : person(absent), from_ms, to_ms};
}

TEST(UnitEdit, puts_a_line_in_its_place) {
  std::vector<UnitLine> lines{line(1, member), line(3, member)};
  put_line(lines, line(2, member));
  EXPECT_EQ(lines, (std::vector{line(1, member), line(2, member), line(3, member)}));
}

TEST(UnitEdit, makes_one_line_of_times_that_touch) {
  std::vector<UnitLine> lines{line(1, duty_officer, 10, 20), line(1, duty_officer, 40, 50)};
  put_line(lines, line(1, duty_officer, 20, 30));
  EXPECT_EQ(lines, (std::vector{line(1, duty_officer, 10, 30), line(1, duty_officer, 40, 50)}));
  put_line(lines, line(1, duty_officer, 5, 45));
  EXPECT_EQ(lines, (std::vector{line(1, duty_officer, 5, 50)}));
  put_line(lines, line(1, duty_officer, 30));
  EXPECT_EQ(lines, (std::vector{line(1, duty_officer, 5, 0)})) << "without an end";
}

TEST(UnitEdit, leaves_other_duties_and_other_people_alone) {
  std::vector<UnitLine> lines{line(1, member), line(2, member)};
  put_line(lines, line(1, supervisor, 5));
  put_line(lines, line(2, deputy, 5, 9, 1));
  EXPECT_EQ(lines, (std::vector{line(1, member), line(1, supervisor, 5), line(2, member),
                                line(2, deputy, 5, 9, 1)}));
}

TEST(UnitEdit, ends_a_duty_now_and_forgets_what_has_not_begun) {
  std::vector<UnitLine> lines{line(1, member), line(1, duty_officer, 10, 30),
                              line(1, duty_officer, 40, 50), line(2, duty_officer, 10, 30)};
  end_duty(lines, person(1), duty_officer, 20);
  EXPECT_EQ(lines, (std::vector{line(1, member), line(1, duty_officer, 10, 20),
                                line(2, duty_officer, 10, 30)}));
}

TEST(UnitEdit, removes_a_person_and_their_deputies) {
  std::vector<UnitLine> lines{line(1, member), line(2, member), line(2, deputy, 0, 0, 1)};
  remove_person(lines, person(1));
  EXPECT_EQ(lines, (std::vector{line(2, member)}));
}

TEST(UnitEdit, tidies_what_is_over_and_deputies_of_nobody) {
  std::vector<UnitLine> lines{line(3, deputy, 0, 0, 1), line(1, duty_officer, 10, 20),
                              line(2, member)};
  tidy(lines, 20);
  EXPECT_EQ(lines, (std::vector{line(2, member)}));
  lines = {line(2, member), line(1, member)};
  tidy(lines, 20);
  EXPECT_EQ(lines, (std::vector{line(1, member), line(2, member)})) << "in order";
}

}  // namespace
}  // namespace oberih::client
