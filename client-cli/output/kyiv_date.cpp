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

}  // namespace

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
