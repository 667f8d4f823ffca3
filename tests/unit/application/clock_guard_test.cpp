// SPDX-License-Identifier: Apache-2.0
#include "server/application/clock_guard.hpp"

#include <gtest/gtest.h>

#include "recording.hpp"

namespace oberih::application {
namespace {

constexpr std::uint64_t minute_ms = 60'000;
constexpr std::uint64_t day_ms = 24 * 60 * minute_ms;

TEST(ClockGuard, trusts_a_clock_that_runs_beside_the_steady_one) {
  ManualClock clock;
  ClockGuard guard(clock, clock);
  clock.pass(400 * day_ms);
  EXPECT_TRUE(guard.now_ms());
}

TEST(ClockGuard, stays_refused_after_a_step_until_confirmed) {
  for (const bool forward : {true, false}) {
    ManualClock clock;
    ClockGuard guard(clock, clock);
    const std::uint64_t step = 5 * minute_ms + 1;
    clock.wall_ms += forward ? step : 0;
    clock.wall_ms -= forward ? 0 : step;
    EXPECT_FALSE(guard.now_ms());
    clock.wall_ms -= forward ? step : 0;
    EXPECT_FALSE(guard.now_ms()) << "stepping back heals nothing";
    guard.confirm();
    EXPECT_TRUE(guard.now_ms());
  }
}

TEST(ClockGuard, adds_small_steps_up) {
  ManualClock clock;
  ClockGuard guard(clock, clock);
  for (int i = 0; i < 5; ++i) {
    clock.wall_ms += minute_ms;
    EXPECT_TRUE(guard.now_ms());
  }
  clock.wall_ms += minute_ms;
  EXPECT_FALSE(guard.now_ms());
}

TEST(ClockGuard, follows_a_clock_that_is_slewed) {
  ManualClock clock;
  ClockGuard guard(clock, clock);
  for (int hour = 0; hour < 10'000; ++hour) {
    clock.pass(60 * minute_ms);
    clock.wall_ms += 360;  // 100 ppm
    ASSERT_TRUE(guard.now_ms()) << hour;
  }
}

TEST(ClockGuard, asks_at_start_when_the_newest_leaf_is_far_away) {
  ManualClock clock;
  ClockGuard guard(clock, clock);
  guard.begin(clock.now_ms() - 29 * day_ms);
  EXPECT_TRUE(guard.now_ms());
  guard.begin(clock.now_ms() - 31 * day_ms);
  EXPECT_FALSE(guard.now_ms());
  guard.begin(clock.now_ms() + 10 * minute_ms);
  EXPECT_FALSE(guard.now_ms());
  guard.begin(0);
  EXPECT_TRUE(guard.now_ms()) << "an empty journal has no time";
}

}  // namespace
}  // namespace oberih::application
