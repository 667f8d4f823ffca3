// SPDX-License-Identifier: Apache-2.0
// The calendar and the deadlines as they are shipped, and files with one mistake each.
#include "server/runtime/deadline_loader.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "server/domain/deadline_calendar.hpp"

namespace oberih::runtime {
namespace {

std::string read_deadlines(const std::string& file) {
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// The shipped file with one piece of text replaced.
PolicyText shipped(const std::string& name, const std::string& old_text = {},
                   const std::string& new_text = {}) {
  const std::string folder = OBERIH_SOURCE "/policies/";
  std::string text = read_deadlines(folder + name + ".json");
  if (!old_text.empty()) {
    const std::size_t at = text.find(old_text);
    if (at == std::string::npos) throw std::runtime_error("no " + old_text);
    text.replace(at, old_text.size(), new_text);
  }
  return {folder + name + ".json", text,
          read_deadlines(folder + "schema/" + name + ".schema.json")};
}

std::string calendar_fault(const std::string& old_text, const std::string& new_text) {
  const auto parsed = parse_calendar(shipped("calendar", old_text, new_text));
  return parsed ? std::string() : parsed.error().detail;
}

std::string deadline_fault(const std::string& old_text, const std::string& new_text) {
  const auto parsed = parse_deadlines(shipped("deadlines", old_text, new_text));
  return parsed ? std::string() : parsed.error().detail;
}

bool says(const std::string& sentence, const std::string& part) {
  return sentence.find(part) != std::string::npos;
}

// -- as shipped -----------------------------------------------------------------------------------

TEST(ShippedCalendar, works_holidays_under_martial_law_and_keeps_weekends) {
  const auto calendar = parse_calendar(shipped("calendar"));
  ASSERT_TRUE(calendar) << calendar.error().detail;
  EXPECT_TRUE(calendar->is_martial_law(day_number({2026, 11, 26})));
  EXPECT_TRUE(calendar->is_working_day(day_number({2026, 12, 25})));   // Friday
  EXPECT_FALSE(calendar->is_working_day(day_number({2026, 11, 28})));  // Saturday
  EXPECT_FALSE(calendar->is_working_day(day_number({2021, 8, 24})));   // before it
  EXPECT_EQ(calendar->hours_of(day_number({2026, 11, 27})).to_minute, 16u * 60 + 45);
}

TEST(ShippedCalendar, keeps_holidays_when_martial_law_has_ended) {
  const auto calendar = parse_calendar(shipped("calendar", "\"from\": \"2022-02-24\"",
                                               "\"from\": \"2022-02-24\", \"to\": \"2026-12-31\""));
  ASSERT_TRUE(calendar) << calendar.error().detail;
  EXPECT_FALSE(calendar->is_working_day(day_number({2027, 3, 8})));   // Women's Day, a Monday
  EXPECT_FALSE(calendar->is_working_day(day_number({2027, 5, 3})));   // Easter's Monday
  EXPECT_FALSE(calendar->is_working_day(day_number({2027, 6, 21})));  // Trinity's
  EXPECT_TRUE(calendar->is_working_day(day_number({2026, 12, 25})));
}

TEST(ShippedDeadlines, count_as_each_kind_of_task_counts) {
  const auto calendar = parse_calendar(shipped("calendar"));
  const auto deadlines = parse_deadlines(shipped("deadlines"));
  ASSERT_TRUE(calendar && deadlines);
  const auto due = [&](const char* kind, const char* urgency, CivilDate date, unsigned minute) {
    const Milliseconds start = calendar->moment(day_number(date), minute);
    const Milliseconds end =
        *domain::due_ms(start, *deadlines->find_rule(kind, urgency), *calendar);
    const CivilDate day = date_of(calendar->day_of(end));
    return std::to_string(day.month) + "/" + std::to_string(day.day) + " " +
           std::to_string(calendar->minute_of(end));
  };
  EXPECT_EQ(due("information", "3d", {2026, 11, 25}, 600), "11/30 1080");
  EXPECT_EQ(due("investigative_action", "3d", {2026, 11, 24}, 600), "11/27 1005");
  EXPECT_EQ(due("find_person", "3d", {2026, 11, 25}, 600), "11/28 600");
  EXPECT_EQ(due("information", "8h", {2026, 11, 28}, 180), "11/28 660");
}

// -- one mistake each -----------------------------------------------------------------------------

TEST(CalendarLoader, names_the_mistake_and_its_place) {
  EXPECT_EQ(calendar_fault("\"monday\"", "\"monday\""), "");
  EXPECT_TRUE(
      says(calendar_fault("\"monday\"", "\"mondey\""), "'mondey' (/working_hours/0/days/0)"));
  EXPECT_TRUE(says(calendar_fault("\"09:00\"", "\"9:00\""), "'9:00' (/working_hours/0/from)"));
  EXPECT_TRUE(says(calendar_fault("\"thursday\"", "\"friday\""),
                   "'friday' has working hours twice (/working_hours/1)"));
  EXPECT_TRUE(says(calendar_fault("\"2022-02-24\"", "\"2022-02-30\""),
                   "no calendar has the day '2022-02-30' (/martial_law/0)"));
  EXPECT_TRUE(says(calendar_fault("\"date\": \"01-01\"", "\"day\": \"01-01\""), "(/holidays/0)"));
  EXPECT_TRUE(says(calendar_fault("\"days_after_easter\": 0,", ""),
                   "a holiday has a date or days_after_easter, and not both (/holidays/2)"));
  EXPECT_TRUE(says(calendar_fault("\"08-24\"", "\"02-30\""), "is on a day that no calendar has"));
  EXPECT_TRUE(says(calendar_fault("\"18:00\"", "\"08:00\""), "end before they begin"));
  EXPECT_TRUE(says(calendar_fault("\"standard_minutes\": 120", "\"standard_minutes\": 120.5"),
                   "not an integer"));
}

TEST(ShippedDeadlines, what_is_urgent_is_asked_for_again_each_hour_and_nothing_else_is) {
  const auto deadlines = parse_deadlines(shipped("deadlines"));
  ASSERT_TRUE(deadlines) << deadlines.error().detail;
  for (const EntryType type : {EntryType::message, EntryType::task, EntryType::hearing}) {
    EXPECT_EQ(deadlines->find_evidence_limit(type, domain::Priority::urgent)->repeat_minutes, 60u);
    EXPECT_EQ(deadlines->find_evidence_limit(type, domain::Priority::normal)->repeat_minutes, 0u);
  }
}

TEST(DeadlineLoader, names_the_mistake_and_its_place) {
  EXPECT_TRUE(says(deadline_fault("\"working_days\"", "\"work_days\""),
                   "'work_days' (/task_clocks/0/counts)"));
  EXPECT_TRUE(
      says(deadline_fault("\"urgent\"", "\"urgend\""), "(/evidence_limits/1/priorities/0)"));
  EXPECT_TRUE(says(deadline_fault("\"repeat_minutes\": 60", "\"repeat_minutes\": 0"),
                   "/evidence_limits/1/repeat_minutes"));
  EXPECT_TRUE(says(deadline_fault("\"interpretation\"", "\"find_person\""),
                   "the task kind 'find_person' has two clocks"));
  EXPECT_TRUE(says(deadline_fault("\"days\": 3", "\"days\": 0"), "/urgency_classes/1/days"));
  EXPECT_TRUE(says(deadline_fault("[240, 60]", "[60, 240]"), "reminders come nearer and nearer"));
  EXPECT_TRUE(
      says(deadline_fault("\"7d\", \"date\"", "\"7d\""), "the class 'date' has no notices"));
}

TEST(DeadlineLoader, reads_dates_and_hours_as_people_write_them) {
  EXPECT_EQ(parse_civil_date("2027-03-04"), (CivilDate{2027, 3, 4}));
  for (const char* text : {"2027-3-4", "2027-02-29", "04.03.2027", "2027-03-0x", ""})
    EXPECT_FALSE(parse_civil_date(text)) << text;
  EXPECT_EQ(parse_clock_minute("09:30"), 570u);
  EXPECT_EQ(parse_clock_minute("24:00"), 1440u);
  for (const char* text : {"24:01", "9:30", "09:60", "09-30", ""})
    EXPECT_FALSE(parse_clock_minute(text)) << text;
}

}  // namespace
}  // namespace oberih::runtime
