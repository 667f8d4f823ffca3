// SPDX-License-Identifier: Apache-2.0
#include "client-cli/output/kyiv_date.hpp"

#include <gtest/gtest.h>

namespace oberih::client {
namespace {

TEST(KyivDate, a_last_day_ends_at_midnight_in_kyiv) {
  EXPECT_EQ(parse_last_day("2031-03-04"), 1'930'428'000'000);
  EXPECT_EQ(parse_last_day("04.03.2031"), parse_last_day("2031-03-04"));
  EXPECT_EQ(parse_last_day("2027-07-04"), 1'814'734'800'000) << "summer time";
}

TEST(KyivDate, the_nights_of_a_change_of_time_are_right) {
  EXPECT_EQ(parse_last_day("2027-03-27"), 1'806'184'800'000) << "before the change";
  EXPECT_EQ(parse_last_day("2027-03-28"), 1'806'267'600'000) << "a day of 23 hours";
  EXPECT_EQ(parse_last_day("2027-10-30"), 1'824'930'000'000);
  EXPECT_EQ(parse_last_day("2027-10-31"), 1'825'020'000'000) << "a day of 25 hours";
}

TEST(KyivDate, nothing_else_is_a_day) {
  for (const char* text :
       {"", "2031", "2031-3-4", "2031-02-30", "30.02.2031", "2031-13-01", "2031/03/04",
        "04-03-2031", "2031-03-04 ", "2031-03-0x", "1999-01-01", "-031-03-04"})
    EXPECT_EQ(parse_last_day(text), std::nullopt) << text;
}

TEST(KyivDate, a_moment_is_a_day_and_a_clock_in_kyiv) {
  EXPECT_EQ(parse_moment("2031-03-05"), 1'930'428'000'000) << "a day alone is its first moment";
  EXPECT_EQ(parse_moment("2031-03-05 10:30"), 1'930'428'000'000 + 630 * 60'000);
  EXPECT_EQ(parse_moment("05.03.2031T10:30"), parse_moment("2031-03-05 10:30"));
  EXPECT_EQ(parse_moment("2027-07-05 00:00"), 1'814'734'800'000) << "summer time";
}

TEST(KyivDate, a_moment_in_the_night_of_a_change_of_time_is_right_or_none) {
  EXPECT_EQ(parse_moment("2027-03-28 02:30"), 1'806'184'800'000 + 150 * 60'000);
  EXPECT_EQ(parse_moment("2027-03-28 03:30"), std::nullopt) << "an hour that is left out";
  EXPECT_EQ(parse_moment("2027-03-28 04:00"), 1'806'195'600'000);
  EXPECT_EQ(parse_moment("2027-10-31 03:30"), 1'824'942'600'000) << "the first of two";
  EXPECT_EQ(parse_moment("2027-10-31 04:00"), 1'824'948'000'000);
}

TEST(KyivDate, nothing_else_is_a_moment) {
  for (const char* text : {"", "2031-03-05 ", "2031-03-05 1:00", "2031-03-05 24:00",
                           "2031-03-05 10:60", "2031-03-05x10:00", "2031-03-05 10:00:00", "10:00",
                           "2031-02-30 10:00", "2031-03-05 -1:00", "now"})
    EXPECT_EQ(parse_moment(text), std::nullopt) << text;
}

}  // namespace
}  // namespace oberih::client
