// SPDX-License-Identifier: Apache-2.0
#include "protocol/socket/signs_of_life.hpp"

#include <gtest/gtest.h>

namespace oberih::socket {
namespace {

using namespace std::chrono_literals;

const SignsOfLife::Clock::time_point start{1h};

TEST(SignsOfLife, pings_once_at_half_time_and_gives_up_at_the_end) {
  SignsOfLife signs(60s);
  signs.begin(start);
  EXPECT_EQ(signs.next_look(), start + 30s);
  EXPECT_FALSE(signs.wants_ping(start + 29s));
  EXPECT_TRUE(signs.wants_ping(start + 30s));
  signs.note_ping(start + 30s);
  EXPECT_FALSE(signs.wants_ping(start + 31s));
  EXPECT_EQ(signs.next_look(), start + 60s);
  EXPECT_FALSE(signs.is_over(start + 59s));
  EXPECT_TRUE(signs.is_over(start + 60s));
}

TEST(SignsOfLife, a_pong_begins_anew) {
  SignsOfLife signs(60s);
  signs.begin(start);
  signs.note_ping(start + 30s);
  signs.hear_control_frame(start + 31s);
  EXPECT_FALSE(signs.is_over(start + 90s));
  EXPECT_TRUE(signs.wants_ping(start + 61s));
  EXPECT_TRUE(signs.is_over(start + 91s));
}

TEST(SignsOfLife, a_message_has_the_idle_time_from_its_beginning) {
  SignsOfLife signs(60s);
  signs.begin(start);
  signs.hear_part_of_message(start + 50s, false);
  signs.hear_part_of_message(start + 100s, false);
  signs.hear_control_frame(start + 105s);
  EXPECT_TRUE(signs.is_mid_message());
  EXPECT_TRUE(signs.is_over(start + 110s));
  signs.hear_part_of_message(start + 109s, true);
  EXPECT_FALSE(signs.is_mid_message());
  EXPECT_FALSE(signs.is_over(start + 168s));
}

}  // namespace
}  // namespace oberih::socket
