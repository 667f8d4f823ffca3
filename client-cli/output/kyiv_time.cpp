// SPDX-License-Identifier: Apache-2.0
#include "client-cli/output/kyiv_time.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <vector>

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/civil_time.hpp"

namespace oberih::client {
namespace {

using std::chrono::sys_seconds;

constexpr long standard_seconds = 2 * 3600;
constexpr long summer_seconds = 3 * 3600;

sys_seconds to_seconds(Milliseconds time) {
  return sys_seconds(std::chrono::seconds(static_cast<long long>(time / 1000)));
}

struct Transition {
  std::int64_t at_seconds;
  long offset_seconds;
};

struct TzifHeader {
  std::uint32_t counts[6] = {};  // isutcnt, isstdcnt, leapcnt, timecnt, typecnt, charcnt (RFC 9636)
  std::size_t body_bytes(std::size_t time_bytes) const {
    return counts[3] * time_bytes + counts[3] + counts[4] * 6 + counts[5] +
           counts[2] * (time_bytes + 4) + counts[1] + counts[0];
  }
};

TzifHeader read_header(ByteReader& reader) {
  TzifHeader header;
  if (as_text(reader.take(4)) != "TZif") reader.fail();
  if (reader.u8() < '2') reader.fail();
  reader.take(15);
  for (std::uint32_t& count : header.counts) count = reader.u32();
  return header;
}

/// Empty when the file is no TZif of version 2 or later.
std::vector<Transition> parse_tzif(ByteView file) {
  ByteReader reader(file);
  TzifHeader first = read_header(reader);
  reader.take(first.body_bytes(4));
  TzifHeader header = read_header(reader);
  if (reader.failed()) return {};
  std::vector<Transition> transitions(std::min<std::size_t>(header.counts[3], 4096));
  for (Transition& each : transitions) each.at_seconds = static_cast<std::int64_t>(reader.u64());
  ByteView types = reader.take(transitions.size());
  std::vector<long> offsets(std::min<std::size_t>(header.counts[4], 256));
  for (long& offset : offsets) {
    offset = static_cast<std::int32_t>(reader.u32());
    reader.take(2);
  }
  if (reader.failed()) return {};
  for (std::size_t i = 0; i < transitions.size(); ++i) {
    if (types[i] >= offsets.size()) return {};
    transitions[i].offset_seconds = offsets[types[i]];
  }
  return transitions;
}

std::vector<Transition> load_transitions() {
  for (const char* path : {"/usr/share/zoneinfo/Europe/Kyiv", "/usr/share/zoneinfo/Europe/Kiev"}) {
    std::ifstream stream(path, std::ios::binary);
    if (!stream) continue;
    Bytes file((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    return parse_tzif(file);
  }
  return {};
}

struct Calendar {
  std::chrono::year_month_day date;
  std::chrono::hh_mm_ss<std::chrono::seconds> clock;
  unsigned weekday;  // Sunday 0
};

Calendar calendar_of(sys_seconds time) {
  auto day = std::chrono::floor<std::chrono::days>(time);
  return {std::chrono::year_month_day(day), std::chrono::hh_mm_ss<std::chrono::seconds>(time - day),
          std::chrono::weekday(day).c_encoding()};
}

std::string_view weekday_name(unsigned weekday, Language language) {
  static constexpr std::string_view english[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::string_view ukrainian[] = {"нд", "пн", "вт", "ср", "чт", "пт", "сб"};
  switch (language) {
    case Language::english:
      return english[weekday];
    case Language::ukrainian:
      return ukrainian[weekday];
  }
  return english[weekday];
}

std::string format_with(const char* pattern, int first, int second, int third) {
  char text[48];
  std::snprintf(text, sizeof text, pattern, first, second, third);
  return text;
}

int number(std::chrono::year_month_day date, char which) {
  if (which == 'd') return static_cast<int>(static_cast<unsigned>(date.day()));
  if (which == 'm') return static_cast<int>(static_cast<unsigned>(date.month()));
  return static_cast<int>(date.year());
}

std::string format_clock(const Calendar& calendar) {
  return format_with("%02d:%02d:%02d", static_cast<int>(calendar.clock.hours().count()),
                     static_cast<int>(calendar.clock.minutes().count()),
                     static_cast<int>(calendar.clock.seconds().count()));
}

std::string format_day(const Calendar& calendar) {
  return format_with("%02d.%02d.%04d", number(calendar.date, 'd'), number(calendar.date, 'm'),
                     number(calendar.date, 'y'));
}

Calendar kyiv_calendar(Milliseconds time) {
  return calendar_of(to_seconds(time) + std::chrono::seconds(kyiv_offset_seconds(time)));
}

}  // namespace

long kyiv_offset_by_rule(Milliseconds time) {
  return is_european_summer_time(time) ? summer_seconds : standard_seconds;
}

long kyiv_offset_seconds(Milliseconds time) {
  static const std::vector<Transition> transitions = load_transitions();
  auto seconds = static_cast<std::int64_t>(time / 1000);
  if (transitions.empty() || seconds >= transitions.back().at_seconds ||
      seconds < transitions.front().at_seconds)
    return kyiv_offset_by_rule(time);
  auto next = std::upper_bound(
      transitions.begin(), transitions.end(), seconds,
      [](std::int64_t value, const Transition& each) { return value < each.at_seconds; });
  return std::prev(next)->offset_seconds;
}

std::string format_time(Milliseconds time, Language language) {
  return format_weekday(time, language) + " " + format_clock_time(time);
}

std::string format_weekday(Milliseconds time, Language language) {
  Calendar calendar = kyiv_calendar(time);
  return std::string(weekday_name(calendar.weekday, language)) + " " + format_day(calendar);
}

std::string format_clock_time(Milliseconds time) { return format_clock(kyiv_calendar(time)); }

std::string format_date(Milliseconds time) { return format_day(kyiv_calendar(time)); }

std::string format_wall_time(const WallTime& time, Language language) {
  const auto day = std::chrono::sys_days(std::chrono::days(day_number(time.date)));
  return std::string(weekday_name(std::chrono::weekday(day).c_encoding(), language)) +
         format_with(" %02d.%02d.%04d", static_cast<int>(time.date.day),
                     static_cast<int>(time.date.month), static_cast<int>(time.date.year)) +
         format_with(" %02d:%02d", static_cast<int>(time.hour), static_cast<int>(time.minute), 0);
}

std::string write_wall_time(const WallTime& time) {
  return format_with("%04d-%02d-%02d", static_cast<int>(time.date.year),
                     static_cast<int>(time.date.month), static_cast<int>(time.date.day)) +
         format_with(" %02d:%02d", static_cast<int>(time.hour), static_cast<int>(time.minute), 0);
}

std::string format_rfc3339(Milliseconds time) {
  Calendar calendar = calendar_of(to_seconds(time));
  return format_with("%04d-%02d-%02d", number(calendar.date, 'y'), number(calendar.date, 'm'),
                     number(calendar.date, 'd')) +
         "T" + format_clock(calendar) + format_with(".%03dZ", static_cast<int>(time % 1000), 0, 0);
}

}  // namespace oberih::client
