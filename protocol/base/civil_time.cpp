// SPDX-License-Identifier: Apache-2.0
#include "protocol/base/civil_time.hpp"

#include <chrono>

namespace oberih {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

year_month_day calendar_date(const CivilDate& date) {
  return {std::chrono::year(date.year), std::chrono::month(date.month), std::chrono::day(date.day)};
}

std::int64_t last_sunday_one_o_clock(int year, std::chrono::month month) {
  using std::chrono::Sunday;
  const sys_days day(std::chrono::year(year) / month / Sunday[std::chrono::last]);
  return day.time_since_epoch().count() * day_ms + 60 * minute_ms;
}

}  // namespace

bool is_real_date(const CivilDate& date) { return calendar_date(date).ok(); }

DayNumber day_number(const CivilDate& date) {
  return sys_days(calendar_date(date)).time_since_epoch().count();
}

CivilDate date_of(DayNumber day) {
  const year_month_day date{sys_days(days(day))};
  return {static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day())};
}

unsigned weekday_of(DayNumber day) {
  return std::chrono::weekday(sys_days(days(day))).iso_encoding() - 1;
}

DayNumber orthodox_easter(int year) {
  // Meeus' rule for the Julian calendar, which is 13 days behind from 1900 to 2099.
  const int d = (19 * (year % 19) + 15) % 30;
  const int e = (2 * (year % 4) + 4 * (year % 7) - d + 34) % 7;
  const int month = (d + e + 114) / 31;
  const int day = (d + e + 114) % 31 + 1;
  return day_number({year, static_cast<unsigned>(month), static_cast<unsigned>(day)}) + 13;
}

bool is_european_summer_time(Milliseconds time) {
  const auto at = static_cast<std::int64_t>(time);
  const int year = date_of(at / day_ms).year;
  return at >= last_sunday_one_o_clock(year, std::chrono::March) &&
         at < last_sunday_one_o_clock(year, std::chrono::October);
}

}  // namespace oberih
