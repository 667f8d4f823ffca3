// SPDX-License-Identifier: Apache-2.0
// Times as people in Kyiv read them. Read from the time zone database itself, because C++ here has
// no zones and TZ belongs to the whole process.
#pragma once

#include <string>

#include "client-cli/output/language.hpp"
#include "protocol/base/kyiv_clock.hpp"
#include "protocol/base/timestamp.hpp"

namespace oberih::client {

/// Seconds that Kyiv is ahead of UTC: from Europe/Kyiv of the database; where that is missing or
/// ends, by the rule in force since 1996 (summer time from the last Sunday of March to that of
/// October, both at 01:00 UTC).
long kyiv_offset_seconds(Milliseconds time);
/// The rule alone.
long kyiv_offset_by_rule(Milliseconds time);

/// `вт 24.11.2026 10:14:03`, `Tue 24.11.2026 10:14:03`.
std::string format_time(Milliseconds time, Language language);
/// The two halves of it, for lists that name a day once: `Tue 24.11.2026` and `10:14:03`.
std::string format_weekday(Milliseconds time, Language language);
std::string format_clock_time(Milliseconds time);
/// `24.11.2026`.
std::string format_date(Milliseconds time);
/// What a court has written, whatever zone rules say since: `Thu 10.12.2026 10:00`.
std::string format_wall_time(const WallTime& time, Language language);
/// The same for programs and files: `2026-12-10 10:00`.
std::string write_wall_time(const WallTime& time);
/// RFC 3339 in UTC, for programs: `2026-11-24T08:14:03.120Z`.
std::string format_rfc3339(Milliseconds time);

}  // namespace oberih::client
