// SPDX-License-Identifier: Apache-2.0
#include "server/domain/work_calendar.hpp"

#include <algorithm>

namespace oberih::domain {
namespace {

constexpr unsigned day_minutes = 24 * 60;
constexpr DayNumber longest_rest = 60;  // days: a calendar with a longer one is a mistake
// No holiday moves further: they would have to stand in an unbroken row.
constexpr DayNumber farthest_move = 14;

bool falls_on(const Holiday& holiday, DayNumber day) {
  const CivilDate date = date_of(day);
  if (holiday.year && *holiday.year != date.year) return false;
  if (holiday.month == 0) return orthodox_easter(date.year) + holiday.days_after_easter == day;
  return holiday.month == date.month && holiday.day == date.day;
}

std::string check_week(const CalendarRows& rows) {
  for (const auto& hours : rows.week)
    if (hours && (hours->from_minute >= hours->to_minute || hours->to_minute > day_minutes))
      return "working hours end before they begin";
  if (std::none_of(rows.week.begin(), rows.week.end(), [](const auto& hours) { return hours; }))
    return "no day of the week is worked";
  return {};
}

std::string check_holidays(const CalendarRows& rows) {
  for (const Holiday& holiday : rows.holidays) {
    // 2024: a leap year, so that 29 February may be a holiday.
    const CivilDate date{holiday.year.value_or(2024), holiday.month, holiday.day};
    if (holiday.month != 0 && !is_real_date(date))
      return "'" + holiday.name + "' is on a day that no calendar has";
  }
  return {};
}

std::string check_spans(const CalendarRows& rows) {
  for (const DaySpan& span : rows.martial_law)
    if (span.last && *span.last < span.first) return "martial law ends before it begins";
  if (rows.clock.empty()) return "nothing says what the clocks show";
  for (std::size_t i = 0; i < rows.clock.size(); ++i) {
    if (i > 0 && rows.clock[i].from <= rows.clock[i - 1].from)
      return "the rules of the clock do not ascend";
    if (rows.clock[i].standard_minutes < -12 * 60 || rows.clock[i].standard_minutes > 14 * 60)
      return "the clock is further from UTC than any on Earth";
  }
  for (std::size_t i = 0; i < rows.exceptional_days.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (rows.exceptional_days[i].day == rows.exceptional_days[j].day)
        return "an exceptional day stands twice";
  return {};
}

}  // namespace

std::variant<WorkCalendar, std::string> WorkCalendar::make(CalendarRows rows) {
  for (const auto& check : {check_week, check_holidays, check_spans})
    if (std::string fault = check(rows); !fault.empty()) return fault;
  WorkCalendar calendar;
  calendar.rows_ = std::move(rows);
  return calendar;
}

// -- which days are worked ------------------------------------------------------------------------

bool WorkCalendar::is_martial_law(DayNumber day) const {
  return std::any_of(rows_.martial_law.begin(), rows_.martial_law.end(), [&](const DaySpan& span) {
    return span.first <= day && (!span.last || day <= *span.last);
  });
}

const Holiday* WorkCalendar::find_holiday(DayNumber day) const {
  for (const Holiday& holiday : rows_.holidays)
    if (falls_on(holiday, day) && !(holiday.is_suspended_by_martial_law && is_martial_law(day)))
      return &holiday;
  return nullptr;
}

std::string_view WorkCalendar::holiday_of(DayNumber day) const {
  const Holiday* holiday = find_holiday(day);
  return holiday == nullptr ? std::string_view() : std::string_view(holiday->name);
}

bool WorkCalendar::is_day_off_by_move(DayNumber day) const {
  unsigned waiting = 0;  // holidays that fell on a day off and have found no working day yet
  for (DayNumber each = day - farthest_move; each < day; ++each) {
    const Holiday* holiday = find_holiday(each);
    if (!is_working_weekday(each))
      waiting += holiday != nullptr && holiday->moves_from_day_off ? 1 : 0;
    else if (holiday == nullptr && waiting > 0)
      --waiting;
  }
  return waiting > 0;
}

bool WorkCalendar::is_working_day(DayNumber day) const {
  for (const ExceptionalDay& exceptional : rows_.exceptional_days)
    if (exceptional.day == day) return exceptional.is_working;
  return is_working_weekday(day) && find_holiday(day) == nullptr && !is_day_off_by_move(day);
}

WorkingHours WorkCalendar::hours_of(DayNumber day) const {
  if (const auto& hours = rows_.week[weekday_of(day)]) return *hours;
  for (const auto& hours : rows_.week)
    if (hours) return *hours;
  return {};
}

DayNumber WorkCalendar::next_working_day(DayNumber day) const {
  for (DayNumber each = day; each < day + longest_rest; ++each)
    if (is_working_day(each)) return each;
  return day + longest_rest;
}

// -- what the clocks show -------------------------------------------------------------------------

int WorkCalendar::offset_minutes(Milliseconds time) const {
  const DayNumber day = static_cast<std::int64_t>(time) / day_ms;
  const ClockRule* rule = rows_.clock.empty() ? nullptr : &rows_.clock.front();
  for (const ClockRule& each : rows_.clock)
    if (each.from <= day) rule = &each;
  if (rule == nullptr) return 0;
  return rule->standard_minutes + (rule->has_summer_time && is_european_summer_time(time) ? 60 : 0);
}

DayNumber WorkCalendar::day_of(Milliseconds time) const {
  const std::int64_t local = static_cast<std::int64_t>(time) + offset_minutes(time) * minute_ms;
  return local / day_ms;
}

unsigned WorkCalendar::minute_of(Milliseconds time) const {
  const std::int64_t local = static_cast<std::int64_t>(time) + offset_minutes(time) * minute_ms;
  return static_cast<unsigned>(local % day_ms / minute_ms);
}

Milliseconds WorkCalendar::moment(DayNumber day, unsigned minute) const {
  const std::int64_t local = day * day_ms + minute * minute_ms;
  const auto with = [local](int offset) {
    return static_cast<Milliseconds>(local - offset * minute_ms);
  };
  // The offsets on both sides of a change that may be near: the earlier moment that shows this
  // minute, else the one by the offset before the change.
  const int before = offset_minutes(static_cast<Milliseconds>(local - day_ms));
  const int after = offset_minutes(static_cast<Milliseconds>(local + day_ms));
  for (const int offset : {std::max(before, after), std::min(before, after)})
    if (offset_minutes(with(offset)) == offset) return with(offset);
  return with(before);
}

}  // namespace oberih::domain
