// SPDX-License-Identifier: Apache-2.0
#include "protocol/base/kyiv_clock.hpp"

namespace oberih {
namespace {

constexpr std::int64_t winter_ms = 2 * 60 * minute_ms;
constexpr std::int64_t summer_ms = 3 * 60 * minute_ms;

std::int64_t shown_ms(const WallTime& time) {
  return day_number(time.date) * day_ms + (time.hour * 60 + time.minute) * minute_ms;
}

/// Nothing: the clocks do not show it while they are so far ahead.
std::optional<Milliseconds> moment_while(const WallTime& time, std::int64_t ahead_ms) {
  const std::int64_t moment = shown_ms(time) - ahead_ms;
  if (moment < 0) return std::nullopt;
  const auto utc = static_cast<Milliseconds>(moment);
  if (is_european_summer_time(utc) != (ahead_ms == summer_ms)) return std::nullopt;
  return utc;
}

}  // namespace

std::optional<WallTimeFault> find_fault(const WallTime& time) {
  constexpr int first_year = 1996, last_year = 9999;  // since when the rule holds
  if (time.date.year < first_year || time.date.year > last_year || !is_real_date(time.date) ||
      time.hour > 23 || time.minute > 59)
    return WallTimeFault::not_a_time;
  const bool in_winter = moment_while(time, winter_ms).has_value();
  const bool in_summer = moment_while(time, summer_ms).has_value();
  if (in_winter && in_summer) return WallTimeFault::doubled;
  if (!in_winter && !in_summer) return WallTimeFault::skipped;
  return std::nullopt;
}

Milliseconds moment_of(const WallTime& time) {
  const std::optional<Milliseconds> in_summer = moment_while(time, summer_ms);
  return in_summer ? *in_summer : moment_while(time, winter_ms).value_or(0);
}

}  // namespace oberih
