// SPDX-License-Identifier: Apache-2.0
#include "client-cli/output/wall_time_input.hpp"

namespace oberih::client {
namespace {

/// Digits where the form has a `0`, the same character elsewhere.
bool has_form(std::string_view text, std::string_view form) {
  if (text.size() != form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const bool is_digit = text[i] >= '0' && text[i] <= '9';
    if (form[i] == '0' ? !is_digit : text[i] != form[i]) return false;
  }
  return true;
}

unsigned digits_at(std::string_view text, std::size_t from, std::size_t count) {
  unsigned number = 0;
  for (const char digit : text.substr(from, count))
    number = number * 10 + static_cast<unsigned>(digit - '0');
  return number;
}

}  // namespace

std::optional<WallTime> parse_wall_time(std::string_view text) {
  const bool year_first = has_form(text, "0000-00-00 00:00") || has_form(text, "0000-00-00T00:00");
  const bool day_first = has_form(text, "00.00.0000 00:00") || has_form(text, "00.00.0000T00:00");
  if (!year_first && !day_first) return std::nullopt;
  WallTime time;
  time.date.year = static_cast<int>(digits_at(text, year_first ? 0 : 6, 4));
  time.date.month = digits_at(text, year_first ? 5 : 3, 2);
  time.date.day = digits_at(text, year_first ? 8 : 0, 2);
  time.hour = digits_at(text, 11, 2);
  time.minute = digits_at(text, 14, 2);
  return time;
}

}  // namespace oberih::client
