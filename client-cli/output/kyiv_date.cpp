// SPDX-License-Identifier: Apache-2.0
#include "client-cli/output/kyiv_date.hpp"

#include <chrono>

#include "client-cli/output/kyiv_time.hpp"

namespace oberih::client {
namespace {

/// Exactly these digits; nothing for any other character.
std::optional<unsigned> read_number(std::string_view digits) {
  unsigned number = 0;
  for (char digit : digits) {
    if (digit < '0' || digit > '9') return std::nullopt;
    number = number * 10 + static_cast<unsigned>(digit - '0');
  }
  return number;
}

std::optional<std::chrono::year_month_day> read_date(std::string_view text) {
  if (text.size() != 10) return std::nullopt;
  const bool year_first = text[4] == '-' && text[7] == '-';
  const bool day_first = text[2] == '.' && text[5] == '.';
  if (!year_first && !day_first) return std::nullopt;
  const auto year = read_number(year_first ? text.substr(0, 4) : text.substr(6, 4));
  const auto month = read_number(year_first ? text.substr(5, 2) : text.substr(3, 2));
  const auto day = read_number(year_first ? text.substr(8, 2) : text.substr(0, 2));
  if (!year || !month || !day || *year < 2000) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(*month), std::chrono::day(*day));
  if (!date.ok()) return std::nullopt;
  return date;
}

/// Minutes since midnight of `10:00`.
std::optional<unsigned> read_clock(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = read_number(text.substr(0, 2));
  const auto minute = read_number(text.substr(3, 2));
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  return *hour * 60 + *minute;
}

constexpr std::int64_t day_seconds = 24 * 3600;

/// `local` is seconds since 1970 by Kyiv's clocks.
std::optional<Milliseconds> to_utc(std::int64_t local) {
  // Between the offsets of the day before and the day after lies every change of the clocks.
  const auto offset_at = [](std::int64_t seconds) {
    return kyiv_offset_seconds(static_cast<Milliseconds>(seconds) * 1000);
  };
  const std::int64_t offsets[] = {offset_at(local - day_seconds), offset_at(local + day_seconds)};
  std::optional<Milliseconds> earliest;
  for (const std::int64_t offset : offsets) {
    const std::int64_t utc = local - offset;
    if (offset_at(utc) != offset) continue;
    const auto ms = static_cast<Milliseconds>(utc) * 1000;
    if (!earliest || ms < *earliest) earliest = ms;
  }
  return earliest;
}

}  // namespace

std::optional<Milliseconds> parse_moment(std::string_view text) {
  using namespace std::chrono;
  constexpr std::size_t date_size = 10;
  const std::optional<year_month_day> date = read_date(text.substr(0, date_size));
  if (!date) return std::nullopt;
  unsigned minutes = 0;
  if (text.size() > date_size) {
    const auto clock = read_clock(text.substr(date_size + 1));
    if (!clock || (text[date_size] != ' ' && text[date_size] != 'T')) return std::nullopt;
    minutes = *clock;
  }
  return to_utc(sys_seconds(sys_days(*date)).time_since_epoch().count() + minutes * 60);
}

std::optional<Milliseconds> parse_last_day(std::string_view text) {
  using namespace std::chrono;
  const std::optional<year_month_day> date = read_date(text);
  if (!date) return std::nullopt;
  const auto midnight_utc = sys_seconds(sys_days(*date) + days(1)).time_since_epoch().count();
  // Twice: near a change of summer time the offset at the guess may not be that at the result.
  long offset = kyiv_offset_seconds(static_cast<Milliseconds>(midnight_utc) * 1000);
  offset = kyiv_offset_seconds(static_cast<Milliseconds>(midnight_utc - offset) * 1000);
  return static_cast<Milliseconds>(midnight_utc - offset) * 1000;
}

}  // namespace oberih::client
