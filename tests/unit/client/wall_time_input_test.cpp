// SPDX-License-Identifier: Apache-2.0
#include "client-cli/output/wall_time_input.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "client-cli/commands/hearing_draft.hpp"
#include "client-cli/output/kyiv_time.hpp"

namespace oberih::client {
namespace {

TEST(WallTimeInput, is_read_in_both_orders_and_written_as_it_was) {
  const WallTime wanted{{2027, 3, 4}, 10, 5};
  for (const char* text :
       {"2027-03-04 10:05", "2027-03-04T10:05", "04.03.2027 10:05", "04.03.2027T10:05"})
    EXPECT_EQ(parse_wall_time(text), wanted) << text;
  EXPECT_EQ(write_wall_time(wanted), "2027-03-04 10:05");
  EXPECT_EQ(format_wall_time(wanted, Language::english), "Thu 04.03.2027 10:05");
}

TEST(WallTimeInput, takes_no_zone_no_seconds_and_nothing_half) {
  for (const char* text : {"", "2027-03-04", "10:05", "2027-03-04 10:05:00", "2027-03-04T10:05Z",
                           "2027-03-04T10:05+02:00", "2027-3-4 10:05", "2027-03-04  10:05",
                           "04.03.27 10:05", "2027-03-04 1o:05", "2027-03-04 10:05 "})
    EXPECT_FALSE(parse_wall_time(text)) << text;
}

TEST(HearingTime, is_refused_with_what_to_do) {
  std::ostringstream out, err;
  const Console console(out, err, Language::english, OutputForm::people);
  const Milliseconds now = moment_of({{2027, 1, 1}, 9, 0});
  const auto refused = [&](const char* text) {
    const auto time = read_hearing_time(console, "--start", text, now);
    if (time) return std::string("accepted");
    return std::string(refusal_row(time.error().code).name) + ": " + time.error().detail;
  };
  EXPECT_EQ(refused("2027-03-04 10:00"), "accepted");
  const auto says = [&](const char* text, const char* what) {
    EXPECT_NE(refused(text).find(what), std::string::npos) << refused(text);
  };
  says("2027-03-28 03:30", "hearing_time_invalid: --start: clocks in Kyiv never show 2027-03-28");
  says("2027-03-28 03:30", "Take a time before 03:00 or from 04:00 on");
  says("2027-10-31 03:30",
       "hearing_time_invalid: --start: clocks in Kyiv show 2027-10-31 03:30 "
       "twice");
  says("2027-02-30 10:00", "hearing_time_invalid: --start: the calendar has no 2027-02-30 10:00");
  says("2026-12-31 10:00", "due_in_past: --start: 2026-12-31 10:00 is over, it is Fri 01.01.2027");
  says("tomorrow", "usage: --start is a time as clocks in Kyiv show it");
  says("2027-03-04T10:00Z", "without a zone");
}

}  // namespace
}  // namespace oberih::client
