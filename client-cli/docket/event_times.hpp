// SPDX-License-Identifier: Apache-2.0
// Times and lengths of calendar events (RFC 5545, 3.3.5 and 3.3.6) as Kyiv's clocks show them.
#pragma once

#include <optional>

#include "client-cli/docket/content_lines.hpp"
#include "client-cli/docket/docket.hpp"

namespace oberih::client {

struct EventTime {
  WallTime time;
  std::optional<DocketFault> fault{};  // zone_foreign, zone_missing, all_day, not_a_time
};

/// Of DTSTART or DTEND. Whether the clocks show such a time is asked later. What a file says of a
/// zone's rules is not asked: Kyiv's are known.
EventTime read_event_time(const ContentLine& line);
/// Nothing: they are no times, or lie more than a day or not at all apart.
std::optional<std::uint16_t> minutes_between(const WallTime& begin, const WallTime& end);
/// `PT1H30M`; nothing for anything else, also for days and single seconds.
std::optional<std::uint16_t> minutes_of_duration(std::string_view text);

}  // namespace oberih::client
