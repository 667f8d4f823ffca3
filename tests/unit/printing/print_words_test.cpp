// SPDX-License-Identifier: Apache-2.0
#include "client-cli/printing/print_words.hpp"

#include <gtest/gtest.h>

#include <set>

namespace oberih::client {
namespace {

TEST(PrintWords, days_are_said_in_the_genitive_with_their_weekday) {
  EXPECT_EQ(printed_day({2027, 3, 4}), "четвер, 4 березня 2027 року");
  EXPECT_EQ(printed_day({2026, 12, 31}), "четвер, 31 грудня 2026 року");
  EXPECT_EQ(printed_day({2027, 8, 1}), "неділя, 1 серпня 2027 року");
}

TEST(PrintWords, times_have_two_digits) {
  EXPECT_EQ(printed_clock({{2027, 3, 4}, 9, 5}), "09 год. 05 хв.");
  EXPECT_EQ(printed_short(WallTime{{2027, 3, 4}, 9, 5}), "04.03.2027 09:05");
}

TEST(PrintWords, every_word_of_the_protocol_has_one_and_no_two_are_alike) {
  std::set<std::string_view> words;
  for (const auto& row : sealing::procedural_statuses)
    EXPECT_TRUE(words.insert(printed_status(row.status)).second) << row.name;
  for (const sealing::HearingState state : sealing::all_hearing_states)
    EXPECT_TRUE(words.insert(printed_state(state)).second) << name_of(state);
  EXPECT_FALSE(words.contains(""));
}

}  // namespace
}  // namespace oberih::client
