// SPDX-License-Identifier: Apache-2.0
#include "client-cli/docket/event_times.hpp"

#include <algorithm>
#include <array>

namespace oberih::client {
namespace {

// The last is what Microsoft's programs call the zone.
constexpr std::array<std::string_view, 3> names_of_kyiv = {"Europe/Kyiv", "Europe/Kiev",
                                                           "FLE Standard Time"};
constexpr std::uint64_t day_minutes = 24 * 60;

WallTime wall_time_of_utc(const WallTime& utc) {
  const auto moment = static_cast<std::int64_t>(day_number(utc.date)) * day_ms +
                      (utc.hour * 60 + utc.minute) * minute_ms;
  const bool is_summer = is_european_summer_time(static_cast<Milliseconds>(moment));
  const std::int64_t shown = moment + (is_summer ? 3 : 2) * 60 * minute_ms;
  const auto minutes = static_cast<unsigned>(shown % day_ms / minute_ms);
  return {date_of(shown / day_ms), minutes / 60, minutes % 60};
}

}  // namespace

EventTime read_event_time(const ContentLine& line) {
  constexpr std::size_t date_size = 8, time_size = 15;  // 20270304, 20270304T100000
  std::string_view text = line.value;
  if (line.parameter("VALUE") == "DATE" || (text.size() == date_size && read_docket_number(text)))
    return {{}, DocketFault::all_day};
  const bool is_utc = text.ends_with('Z');
  if (is_utc) text.remove_suffix(1);
  if (text.size() != time_size || text[date_size] != 'T') return {{}, DocketFault::not_a_time};
  const auto year = read_docket_number(text.substr(0, 4));
  const auto month = read_docket_number(text.substr(4, 2)),
             day = read_docket_number(text.substr(6, 2));
  const auto hour = read_docket_number(text.substr(9, 2));
  const auto minute = read_docket_number(text.substr(11, 2));
  if (!year || !month || !day || !hour || !minute || text.substr(13) != "00")
    return {{}, DocketFault::not_a_time};
  const WallTime time{{static_cast<int>(*year), *month, *day}, *hour, *minute};
  const std::string_view zone = line.parameter("TZID");
  if (is_utc) {
    constexpr int first_year = 1996;
    if (!zone.empty()) return {{}, DocketFault::zone_foreign};
    if (*year < first_year || !is_real_date(time.date) || time.hour > 23 || time.minute > 59)
      return {{}, DocketFault::not_a_time};
    return {wall_time_of_utc(time), {}};
  }
  if (zone.empty()) return {{}, DocketFault::zone_missing};
  if (std::find(names_of_kyiv.begin(), names_of_kyiv.end(), zone) == names_of_kyiv.end())
    return {{}, DocketFault::zone_foreign};
  return {time, {}};
}

std::optional<std::uint16_t> minutes_between(const WallTime& begin, const WallTime& end) {
  if (find_fault(begin) || find_fault(end)) return std::nullopt;
  const Milliseconds from = moment_of(begin), to = moment_of(end);
  if (to <= from || (to - from) / minute_ms > day_minutes) return std::nullopt;
  return static_cast<std::uint16_t>((to - from) / minute_ms);
}

std::optional<std::uint16_t> minutes_of_duration(std::string_view text) {
  if (!text.starts_with("PT")) return std::nullopt;
  text.remove_prefix(2);
  std::uint64_t minutes = 0;
  for (const auto& [unit, worth] : {std::pair{'H', 60u}, std::pair{'M', 1u}}) {
    const std::size_t end = text.find(unit);
    if (end == text.npos) continue;
    const auto number = read_docket_number(text.substr(0, end));
    if (!number) return std::nullopt;
    minutes += std::uint64_t{*number} * worth;
    text.remove_prefix(end + 1);
  }
  if (!text.empty() && text != "0S" && text != "00S") return std::nullopt;
  if (minutes == 0 || minutes > day_minutes) return std::nullopt;
  return static_cast<std::uint16_t>(minutes);
}

}  // namespace oberih::client
