// SPDX-License-Identifier: Apache-2.0
#include "protocol/base/civil_time.hpp"

#include <gtest/gtest.h>

namespace oberih {
namespace {

TEST(CivilTime, counts_days_and_names_them_again) {
  EXPECT_EQ(day_number({1970, 1, 1}), 0);
  EXPECT_EQ(day_number({2026, 11, 24}), 20'781);
  for (DayNumber day = -1'000; day < 60'000; day += 7) EXPECT_EQ(day_number(date_of(day)), day);
}

TEST(CivilTime, knows_the_weekday) {
  EXPECT_EQ(weekday_of(day_number({2026, 11, 24})), 1u);  // a Tuesday
  EXPECT_EQ(weekday_of(day_number({2027, 1, 3})), 6u);
}

TEST(CivilTime, refuses_days_that_no_calendar_has) {
  EXPECT_TRUE(is_real_date({2024, 2, 29}));
  EXPECT_FALSE(is_real_date({2026, 2, 29}));
  EXPECT_FALSE(is_real_date({2026, 13, 1}));
  EXPECT_FALSE(is_real_date({2026, 0, 1}));
}

TEST(CivilTime, finds_easter_as_the_church_publishes_it) {
  EXPECT_EQ(date_of(orthodox_easter(2024)), (CivilDate{2024, 5, 5}));
  EXPECT_EQ(date_of(orthodox_easter(2025)), (CivilDate{2025, 4, 20}));
  EXPECT_EQ(date_of(orthodox_easter(2026)), (CivilDate{2026, 4, 12}));
  EXPECT_EQ(date_of(orthodox_easter(2027)), (CivilDate{2027, 5, 2}));
  for (int year = 1990; year < 2099; ++year) EXPECT_EQ(weekday_of(orthodox_easter(year)), 6u);
}

TEST(CivilTime, changes_to_summer_time_and_back_at_one_o_clock_utc) {
  const auto at = [](CivilDate date, int minute) {
    return static_cast<Milliseconds>(day_number(date) * day_ms + minute * minute_ms);
  };
  EXPECT_FALSE(is_european_summer_time(at({2026, 3, 29}, 60) - 1));
  EXPECT_TRUE(is_european_summer_time(at({2026, 3, 29}, 60)));
  EXPECT_TRUE(is_european_summer_time(at({2026, 10, 25}, 60) - 1));
  EXPECT_FALSE(is_european_summer_time(at({2026, 10, 25}, 60)));
}

}  // namespace
}  // namespace oberih
