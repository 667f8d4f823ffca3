// SPDX-License-Identifier: Apache-2.0
#include "server/domain/work_calendar.hpp"

#include <gtest/gtest.h>

#include "kyiv_calendar.hpp"

namespace oberih::domain {
namespace {

bool works(const WorkCalendar& calendar, CivilDate date) {
  return calendar.is_working_day(day_number(date));
}

TEST(WorkCalendar, rests_on_the_days_off_of_the_week) {
  EXPECT_TRUE(works(kyiv(), {2026, 11, 27}));   // Friday
  EXPECT_FALSE(works(kyiv(), {2026, 11, 28}));  // Saturday
  EXPECT_EQ(date_of(kyiv().next_working_day(day_number({2026, 11, 28}))),
            (CivilDate{2026, 11, 30}));
}

TEST(WorkCalendar, rests_on_holidays_but_not_under_martial_law) {
  EXPECT_FALSE(works(kyiv(), {2026, 12, 25}));  // a Friday
  EXPECT_EQ(kyiv().holiday_of(day_number({2026, 12, 25})), "Christmas");
  EXPECT_TRUE(works(kyiv(MartialLaw::in_force), {2026, 12, 25}));
  EXPECT_EQ(kyiv(MartialLaw::in_force).holiday_of(day_number({2026, 12, 25})), "");
}

TEST(WorkCalendar, keeps_days_off_of_the_week_under_martial_law) {
  EXPECT_FALSE(works(kyiv(MartialLaw::in_force), {2026, 11, 29}));
}

TEST(WorkCalendar, honours_holidays_again_when_martial_law_has_ended) {
  CalendarRows rows = kyiv_rows(MartialLaw::in_force);
  rows.martial_law[0].last = day_number({2026, 12, 24});
  const WorkCalendar calendar = made_calendar(std::move(rows));
  EXPECT_FALSE(works(calendar, {2026, 12, 25}));
  EXPECT_TRUE(works(calendar, {2025, 12, 25}));
}

TEST(WorkCalendar, moves_a_holiday_from_a_day_off_to_the_next_working_day) {
  // 28 June 2026 is a Sunday.
  EXPECT_FALSE(works(kyiv(), {2026, 6, 29}));
  EXPECT_TRUE(works(kyiv(), {2026, 6, 30}));
  EXPECT_TRUE(works(kyiv(MartialLaw::in_force), {2026, 6, 29}));
  // Easter is a Sunday: the Monday after it.
  EXPECT_FALSE(works(kyiv(), {2026, 4, 13}));
}

TEST(WorkCalendar, moves_two_holidays_of_one_weekend_to_two_days) {
  CalendarRows rows = kyiv_rows(MartialLaw::none);
  rows.holidays = {{"Saturday's", 2026, 11, 28, 0, true, true},
                   {"Sunday's", 2026, 11, 29, 0, true, true},
                   {"Monday's", 2026, 11, 30, 0, true, true}};
  const WorkCalendar calendar = made_calendar(std::move(rows));
  EXPECT_FALSE(works(calendar, {2026, 11, 30}));
  EXPECT_FALSE(works(calendar, {2026, 12, 1}));
  EXPECT_FALSE(works(calendar, {2026, 12, 2}));
  EXPECT_TRUE(works(calendar, {2026, 12, 3}));
  EXPECT_TRUE(works(calendar, {2025, 11, 28}));  // of one year alone
}

TEST(WorkCalendar, follows_the_governments_exceptional_days) {
  CalendarRows rows = kyiv_rows(MartialLaw::none);
  rows.exceptional_days = {{day_number({2026, 11, 28}), true}, {day_number({2026, 11, 30}), false}};
  const WorkCalendar calendar = made_calendar(std::move(rows));
  EXPECT_TRUE(works(calendar, {2026, 11, 28}));
  EXPECT_FALSE(works(calendar, {2026, 11, 30}));
  EXPECT_EQ(calendar.hours_of(day_number({2026, 11, 28})).to_minute, 18u * 60);
}

TEST(WorkCalendar, shows_kyivs_clock_in_winter_and_summer) {
  const WorkCalendar calendar = kyiv();
  EXPECT_EQ(calendar.offset_minutes(1'795'508'043'000), 120);
  const Milliseconds evening = calendar.moment(day_number({2026, 7, 1}), 23 * 60 + 30);
  EXPECT_EQ(calendar.offset_minutes(evening), 180);
  EXPECT_EQ(calendar.day_of(evening), day_number({2026, 7, 1}));
  EXPECT_EQ(calendar.minute_of(evening), 23u * 60 + 30);
}

TEST(WorkCalendar, finds_every_minute_of_every_day_of_ten_years) {
  const WorkCalendar calendar = kyiv();
  for (DayNumber day = day_number({2022, 1, 1}); day < day_number({2032, 1, 1}); ++day)
    for (unsigned minute : {0U, 150U, 210U, 270U, 720U, 1439U}) {
      const Milliseconds time = calendar.moment(day, minute);
      const bool is_skipped =
          weekday_of(day) == 6 && date_of(day).month == 3 && minute == 210 && date_of(day).day > 24;
      EXPECT_EQ(calendar.day_of(time), day);
      EXPECT_EQ(calendar.minute_of(time), is_skipped ? 270U : minute) << date_of(day).year;
    }
}

TEST(WorkCalendar, takes_the_first_of_two_moments_that_the_clock_shows) {
  const WorkCalendar calendar = kyiv();
  // 25 October 2026, 03:30: at 00:30 UTC in summer time, and at 01:30 UTC again.
  const Milliseconds first = calendar.moment(day_number({2026, 10, 25}), 210);
  EXPECT_EQ(first % day_ms, 30u * 60'000);
}

TEST(WorkCalendar, follows_a_law_that_ends_summer_time) {
  CalendarRows rows = kyiv_rows(MartialLaw::none);
  rows.clock.push_back({day_number({2027, 1, 1}), 120, false});
  const WorkCalendar calendar = made_calendar(std::move(rows));
  EXPECT_EQ(calendar.offset_minutes(calendar.moment(day_number({2026, 7, 1}), 600)), 180);
  EXPECT_EQ(calendar.offset_minutes(calendar.moment(day_number({2027, 7, 1}), 600)), 120);
}

// -- rows that make no calendar -------------------------------------------------------------------

std::string fault_of(CalendarRows rows) {
  auto made = WorkCalendar::make(std::move(rows));
  const auto* fault = std::get_if<std::string>(&made);
  return fault == nullptr ? std::string() : *fault;
}

TEST(WorkCalendar, refuses_rows_that_contradict_themselves) {
  CalendarRows rows = kyiv_rows(MartialLaw::none);
  rows.week[0] = WorkingHours{600, 600};
  EXPECT_EQ(fault_of(rows), "working hours end before they begin");
  rows = kyiv_rows(MartialLaw::none);
  rows.week = {};
  EXPECT_EQ(fault_of(rows), "no day of the week is worked");
  rows = kyiv_rows(MartialLaw::none);
  rows.holidays.push_back({"Nobody's Day", {}, 2, 30, 0, true, true});
  EXPECT_EQ(fault_of(rows), "'Nobody's Day' is on a day that no calendar has");
  rows = kyiv_rows(MartialLaw::none);
  rows.martial_law.push_back({10, 9});
  EXPECT_EQ(fault_of(rows), "martial law ends before it begins");
  rows = kyiv_rows(MartialLaw::none);
  rows.clock.push_back({0, 120, true});
  EXPECT_EQ(fault_of(rows), "the rules of the clock do not ascend");
  rows.clock.clear();
  EXPECT_EQ(fault_of(rows), "nothing says what the clocks show");
  rows = kyiv_rows(MartialLaw::none);
  rows.exceptional_days = {{5, true}, {5, false}};
  EXPECT_EQ(fault_of(rows), "an exceptional day stands twice");
}

}  // namespace
}  // namespace oberih::domain
