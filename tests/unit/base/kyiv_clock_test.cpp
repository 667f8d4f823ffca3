// SPDX-License-Identifier: Apache-2.0
#include "protocol/base/kyiv_clock.hpp"

#include <gtest/gtest.h>

namespace oberih {
namespace {

TEST(KyivClock, is_two_hours_ahead_in_winter_and_three_in_summer) {
  // 2027-03-04 10:00 and 2027-07-01 10:00 in Kyiv.
  EXPECT_EQ(moment_of({{2027, 3, 4}, 10, 0}), 1'804'147'200'000u);
  EXPECT_EQ(moment_of({{2027, 7, 1}, 10, 0}), 1'814'425'200'000u);
}

TEST(KyivClock, shows_no_time_that_the_clocks_are_put_forward_over) {
  // Sunday, 28 March 2027: behind 02:59 comes 04:00.
  EXPECT_FALSE(find_fault({{2027, 3, 28}, 2, 59}));
  EXPECT_EQ(find_fault({{2027, 3, 28}, 3, 0}), WallTimeFault::skipped);
  EXPECT_EQ(find_fault({{2027, 3, 28}, 3, 59}), WallTimeFault::skipped);
  EXPECT_FALSE(find_fault({{2027, 3, 28}, 4, 0}));
  EXPECT_EQ(moment_of({{2027, 3, 28}, 4, 0}) - moment_of({{2027, 3, 28}, 2, 59}), 60'000u);
}

TEST(KyivClock, shows_an_hour_twice_when_they_are_put_back) {
  // Sunday, 31 October 2027: behind 03:59 comes 03:00 once more.
  EXPECT_FALSE(find_fault({{2027, 10, 31}, 2, 59}));
  EXPECT_EQ(find_fault({{2027, 10, 31}, 3, 0}), WallTimeFault::doubled);
  EXPECT_EQ(find_fault({{2027, 10, 31}, 3, 59}), WallTimeFault::doubled);
  EXPECT_FALSE(find_fault({{2027, 10, 31}, 4, 0}));
  EXPECT_EQ(moment_of({{2027, 10, 31}, 4, 0}) - moment_of({{2027, 10, 31}, 2, 59}),
            2 * 3'600'000u + 60'000u);
}

TEST(KyivClock, has_no_days_that_the_calendar_has_not) {
  for (const WallTime& time :
       {WallTime{{2027, 2, 29}, 10, 0}, WallTime{{2027, 4, 31}, 10, 0},
        WallTime{{2027, 0, 1}, 10, 0}, WallTime{{2027, 13, 1}, 10, 0},
        WallTime{{2027, 1, 0}, 10, 0}, WallTime{{2027, 1, 1}, 24, 0},
        WallTime{{2027, 1, 1}, 10, 60}, WallTime{{0, 1, 1}, 10, 0}, WallTime{{1995, 1, 1}, 10, 0}})
    EXPECT_EQ(find_fault(time), WallTimeFault::not_a_time) << time.date.year << time.date.month;
  EXPECT_FALSE(find_fault({{2028, 2, 29}, 10, 0}));
}

}  // namespace
}  // namespace oberih
