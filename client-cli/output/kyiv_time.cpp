// SPDX-License-Identifier: Apache-2.0
#include "client-cli/output/kyiv_time.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace oberih::client {
namespace {

using namespace std::chrono;

sys_seconds last_sunday_at_one(year y, month m) {
  return sys_days(y / m / Sunday[last]) + hours(1);
}

sys_seconds seconds_of(Milliseconds time_ms) {
  return sys_seconds(seconds(static_cast<std::int64_t>(time_ms / 1000)));
}

constexpr std::array<const char*, 7> english_days = {"Sun", "Mon", "Tue", "Wed",
                                                     "Thu", "Fri", "Sat"};
constexpr std::array<const char*, 7> ukrainian_days = {"нд", "пн", "вт", "ср", "чт", "пт", "сб"};

}  // namespace

int kyiv_offset_seconds(Milliseconds time_ms) {
  const sys_seconds time = seconds_of(time_ms);
  const year y = year_month_day(floor<days>(time)).year();
  const bool summer = time >= last_sunday_at_one(y, March) && time < last_sunday_at_one(y, October);
  return summer ? 3 * 3600 : 2 * 3600;
}

std::string kyiv_time(Milliseconds time_ms, Language language) {
  const sys_seconds local = seconds_of(time_ms) + seconds(kyiv_offset_seconds(time_ms));
  const sys_days day = floor<days>(local);
  const year_month_day date(day);
  const hh_mm_ss clock(local - day);
  const auto& names = language == Language::ukrainian ? ukrainian_days : english_days;
  char text[64];
  std::snprintf(text, sizeof text, "%s %02u.%02u.%04d %02d:%02d:%02d",
                names[weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                static_cast<unsigned>(date.month()), static_cast<int>(date.year()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text;
}

}  // namespace oberih::client
