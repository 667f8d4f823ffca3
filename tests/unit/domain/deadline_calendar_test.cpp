// SPDX-License-Identifier: Apache-2.0
// Due times at the edges: nights of clock changes, weekends, holidays, the end of the year, pauses.
#include "server/domain/deadline_calendar.hpp"

#include <gtest/gtest.h>

#include <random>

#include "kyiv_calendar.hpp"

namespace oberih::domain {
namespace {

constexpr Milliseconds hour = 3'600'000;

const DeadlineRule eight_hours{ClockCounts::hours, 8, {}, false, false};

DeadlineRule working_days(unsigned days) {
  return {ClockCounts::working_days, days, DayEnds::closing, true, true};
}
DeadlineRule calendar_days(unsigned days, DayEnds ends = DayEnds::closing) {
  return {ClockCounts::calendar_days, days, ends, true, false};
}

struct Moment {
  CivilDate date;
  unsigned hour = 0;
  unsigned minute = 0;
};

Milliseconds at(const WorkCalendar& calendar, const Moment& moment) {
  return calendar.moment(day_number(moment.date), moment.hour * 60 + moment.minute);
}

/// `2026-11-27 16:45`, as the clock in Kyiv shows it.
std::string shown(const WorkCalendar& calendar, std::optional<Milliseconds> time) {
  if (!time) return "paused";
  const CivilDate date = date_of(calendar.day_of(*time));
  const unsigned minute = calendar.minute_of(*time);
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u %02u:%02u", date.year, date.month, date.day,
                minute / 60, minute % 60);
  return text;
}

std::string due(const DeadlineRule& rule, const Moment& start,
                const WorkCalendar& calendar = kyiv(),
                const std::vector<PausedInterval>& pauses = {}) {
  return shown(calendar, due_ms(at(calendar, start), rule, calendar, pauses));
}

// -- hours ----------------------------------------------------------------------------------------

TEST(DeadlineCalendar, counts_hours_through_nights_and_days_off) {
  EXPECT_EQ(due(eight_hours, {{2026, 11, 28}, 22}), "2026-11-29 06:00");
}

TEST(DeadlineCalendar, counts_hours_that_pass_and_not_those_that_the_clock_shows) {
  // The night to 29 March 2026 has 23 hours, that to 25 October 25.
  EXPECT_EQ(due(eight_hours, {{2026, 3, 28}, 22}), "2026-03-29 07:00");
  EXPECT_EQ(due(eight_hours, {{2026, 10, 24}, 22}), "2026-10-25 05:00");
}

TEST(DeadlineCalendar, counts_hours_over_the_end_of_the_year) {
  EXPECT_EQ(due(eight_hours, {{2026, 12, 31}, 20}), "2027-01-01 04:00");
}

// -- working days ---------------------------------------------------------------------------------

TEST(DeadlineCalendar, does_not_count_the_day_of_the_beginning) {
  EXPECT_EQ(due(working_days(3), {{2026, 11, 23}, 10}), "2026-11-26 18:00");  // Monday
}

TEST(DeadlineCalendar, leaves_weekends_out_and_ends_when_that_day_closes) {
  EXPECT_EQ(due(working_days(3), {{2026, 11, 25}, 10}), "2026-11-30 18:00");  // Wednesday
  EXPECT_EQ(due(working_days(2), {{2026, 11, 25}, 10}), "2026-11-27 16:45");  // a Friday
}

TEST(DeadlineCalendar, takes_what_comes_after_closing_for_come_on_the_next_working_day) {
  EXPECT_EQ(due(working_days(1), {{2026, 11, 23}, 17, 59}), "2026-11-24 18:00");
  EXPECT_EQ(due(working_days(1), {{2026, 11, 23}, 18}), "2026-11-25 18:00");
  EXPECT_EQ(due(working_days(1), {{2026, 11, 23}, 7}), "2026-11-24 18:00");   // before opening
  EXPECT_EQ(due(working_days(1), {{2026, 11, 27}, 17}), "2026-12-01 18:00");  // Friday after 16:45
  EXPECT_EQ(due(working_days(1), {{2026, 11, 28}, 3}), "2026-12-01 18:00");   // Saturday night
}

TEST(DeadlineCalendar, counts_holidays_as_the_law_in_force_says) {
  const Moment christmas_eve{{2026, 12, 24}, 10};  // a Thursday; the 25th is a holiday
  EXPECT_EQ(due(working_days(1), christmas_eve), "2026-12-28 18:00");
  EXPECT_EQ(due(working_days(1), christmas_eve, kyiv(MartialLaw::in_force)), "2026-12-25 16:45");
}

TEST(DeadlineCalendar, counts_working_days_over_the_end_of_the_year) {
  EXPECT_EQ(due(working_days(3), {{2026, 12, 30}, 10}), "2027-01-05 18:00");
  EXPECT_EQ(due(working_days(3), {{2026, 12, 30}, 10}, kyiv(MartialLaw::in_force)),
            "2027-01-04 18:00");
}

// -- calendar days --------------------------------------------------------------------------------

TEST(DeadlineCalendar, counts_days_off_among_calendar_days_but_does_not_end_on_one) {
  EXPECT_EQ(due(calendar_days(3), {{2026, 11, 24}, 10}), "2026-11-27 16:45");
  EXPECT_EQ(due(calendar_days(3), {{2026, 11, 25}, 10}), "2026-11-30 18:00");  // ends on Saturday
  EXPECT_EQ(due(calendar_days(3), {{2026, 11, 27}, 23, 59}), "2026-11-30 18:00");
}

TEST(DeadlineCalendar, ends_at_midnight_where_the_rule_says_so) {
  EXPECT_EQ(due(calendar_days(3, DayEnds::midnight), {{2026, 11, 24}, 10}), "2026-11-28 00:00");
}

TEST(DeadlineCalendar, ends_at_the_clocks_closing_hour_over_a_clock_change) {
  // The day that has 23 hours lies in between.
  EXPECT_EQ(due(calendar_days(3), {{2026, 3, 27}, 10}), "2026-03-30 18:00");
  const WorkCalendar calendar = kyiv();
  const DeadlineRule rule = calendar_days(3, DayEnds::midnight);
  const Milliseconds start = at(calendar, {{2026, 3, 27}, 0});
  EXPECT_EQ(*due_ms(start, rule, calendar) - start, (4 * 24 - 1) * hour);
}

TEST(DeadlineCalendar, may_end_on_a_day_off_where_the_rule_does_not_move) {
  DeadlineRule rule = calendar_days(3);
  rule.moves_to_working_day = false;
  EXPECT_EQ(due(rule, {{2026, 11, 25}, 10}), "2026-11-29 00:00");  // Saturday has no closing
}

// -- pauses ---------------------------------------------------------------------------------------

PausedInterval pause(const WorkCalendar& calendar, const Moment& from, const Moment& to) {
  return {at(calendar, from), at(calendar, to)};
}

TEST(DeadlineCalendar, stops_while_paused) {
  const WorkCalendar calendar = kyiv();
  const Milliseconds start = at(calendar, {{2026, 11, 24}, 10});
  EXPECT_EQ(due_ms(start, eight_hours, calendar, {{start + hour, 0}}), std::nullopt);
  EXPECT_EQ(due_ms(start, working_days(3), calendar, {{start + hour, 0}}), std::nullopt);
}

TEST(DeadlineCalendar, adds_paused_hours_of_all_pauses) {
  const WorkCalendar calendar = kyiv();
  const Milliseconds start = at(calendar, {{2026, 11, 24}, 10});
  EXPECT_EQ(due_ms(start, eight_hours, calendar,
                   {{start + hour, start + 3 * hour}, {start + 9 * hour, start + 10 * hour}}),
            start + 11 * hour);
}

TEST(DeadlineCalendar, heals_nothing_by_a_pause_after_the_due_time) {
  const WorkCalendar calendar = kyiv();
  const Milliseconds start = at(calendar, {{2026, 11, 24}, 10});
  EXPECT_EQ(due_ms(start, eight_hours, calendar, {{start + 8 * hour, 0}}), start + 8 * hour);
  EXPECT_EQ(due_ms(start, eight_hours, calendar, {{start + 8 * hour - 1, 0}}), std::nullopt);
}

TEST(DeadlineCalendar, counts_of_a_pause_only_what_lies_behind_the_beginning) {
  const WorkCalendar calendar = kyiv();
  const Milliseconds start = at(calendar, {{2026, 11, 24}, 10});
  EXPECT_EQ(due_ms(start, eight_hours, calendar, {{start - 5 * hour, start + hour}}),
            start + 9 * hour);
  EXPECT_EQ(due_ms(start, eight_hours, calendar, {{start - 5 * hour, start - hour}}),
            start + 8 * hour);
}

TEST(DeadlineCalendar, gives_back_whole_working_days_for_pauses_in_working_hours) {
  const WorkCalendar calendar = kyiv();
  const Moment start{{2026, 11, 23}, 10};  // Monday; three days: Thursday
  EXPECT_EQ(due(working_days(3), start, calendar,
                {pause(calendar, {{2026, 11, 24}, 9}, {{2026, 11, 25}, 18})}),
            "2026-11-30 18:00");  // two days
  EXPECT_EQ(due(working_days(3), start, calendar,
                {pause(calendar, {{2026, 11, 24}, 9}, {{2026, 11, 24}, 9, 5}),
                 pause(calendar, {{2026, 11, 25}, 9}, {{2026, 11, 25}, 9, 5})}),
            "2026-11-27 16:45");  // ten minutes in all: one day, not two
  EXPECT_EQ(due(working_days(3), start, calendar,
                {pause(calendar, {{2026, 11, 24}, 18}, {{2026, 11, 25}, 9})}),
            "2026-11-26 18:00");  // a night: nobody would have worked
}

TEST(DeadlineCalendar, gives_back_nothing_for_a_weekend_in_working_days) {
  const WorkCalendar calendar = kyiv();
  EXPECT_EQ(due(working_days(3), {{2026, 11, 26}, 10}, calendar,
                {pause(calendar, {{2026, 11, 27}, 17}, {{2026, 11, 30}, 8})}),
            "2026-12-01 18:00");
}

TEST(DeadlineCalendar, gives_back_calendar_days_rounded_up) {
  const WorkCalendar calendar = kyiv();
  EXPECT_EQ(due(calendar_days(3), {{2026, 11, 23}, 10}, calendar,
                {pause(calendar, {{2026, 11, 24}, 12}, {{2026, 11, 24}, 12, 1})}),
            "2026-11-27 16:45");
  EXPECT_EQ(due(calendar_days(3), {{2026, 11, 23}, 10}, calendar,
                {pause(calendar, {{2026, 11, 24}, 12}, {{2026, 11, 25}, 12})}),
            "2026-11-27 16:45");  // exactly a day is one day
}

// -- whatever the beginning -----------------------------------------------------------------------

TEST(DeadlineCalendar, is_never_before_the_beginning_and_never_earlier_for_a_later_one) {
  for (const MartialLaw law : {MartialLaw::none, MartialLaw::in_force}) {
    const WorkCalendar calendar = kyiv(law);
    for (const DeadlineRule& rule :
         {eight_hours, working_days(3), calendar_days(7), calendar_days(1, DayEnds::midnight)}) {
      std::mt19937_64 random(7);
      Milliseconds start = at(calendar, {{2026, 1, 1}, 0}), newest = 0;
      while (start < at(calendar, {{2028, 1, 1}, 0})) {
        const Milliseconds due = *due_ms(start, rule, calendar);
        EXPECT_GT(due, start);
        EXPECT_GE(due, newest);
        newest = due;
        start += random() % (6 * hour);
      }
    }
  }
}

TEST(DeadlineCalendar, is_never_earlier_for_a_longer_pause) {
  const WorkCalendar calendar = kyiv();
  const Milliseconds start = at(calendar, {{2026, 12, 21}, 10});
  for (const DeadlineRule& rule : {eight_hours, working_days(3), calendar_days(3)}) {
    Milliseconds newest = *due_ms(start, rule, calendar);
    for (Milliseconds length = hour; length < 400 * hour; length += 5 * hour) {
      const Milliseconds due =
          *due_ms(start, rule, calendar, {{start + hour, start + hour + length}});
      EXPECT_GE(due, newest);
      newest = due;
    }
  }
}

}  // namespace
}  // namespace oberih::domain
