// SPDX-License-Identifier: Apache-2.0
// Days and the names that the calendar has for them, and when Europe keeps summer time. Pure
// arithmetic: no clock, no time zone database, so that everybody computes the same.
#pragma once

#include <compare>
#include <cstdint>

#include "protocol/base/timestamp.hpp"

namespace oberih {

inline constexpr std::int64_t minute_ms = 60'000;
inline constexpr std::int64_t day_ms = 24 * 60 * minute_ms;

/// A day is counted from 1970-01-01.
using DayNumber = std::int64_t;

struct CivilDate {
  int year = 1970;
  unsigned month = 1;
  unsigned day = 1;

  auto operator<=>(const CivilDate&) const = default;
};

/// Whether the calendar has that day.
bool is_real_date(const CivilDate& date);
DayNumber day_number(const CivilDate& date);
CivilDate date_of(DayNumber day);
/// Monday 0 to Sunday 6.
unsigned weekday_of(DayNumber day);
/// Easter Sunday by the Julian reckoning, in days of today's calendar; for the years 1900 to 2099.
DayNumber orthodox_easter(int year);
/// From 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of October: the rule
/// of the European Union, and Ukraine's since 1996.
bool is_european_summer_time(Milliseconds time);

}  // namespace oberih
