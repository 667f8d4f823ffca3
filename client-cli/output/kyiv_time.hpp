// SPDX-License-Identifier: Apache-2.0
// Times as people in Ukraine read them: Kyiv time with the weekday, "вт 24.11.2026 10:14:03".
#pragma once

#include <string>

#include "client-cli/output/language.hpp"
#include "protocol/base/timestamp.hpp"

namespace oberih::client {

/// Kyiv time after the rule in force since 1996: UTC+2, UTC+3 from the last Sunday of March, 01:00
/// UTC, to the last Sunday of October, 01:00 UTC. Written out, because the C library's zones need a
/// process-wide setting and g++ 12 has none of its own; a test holds it against the system's zone.
std::string kyiv_time(Milliseconds time_ms, Language language);

/// Seconds that Kyiv is ahead of UTC at this moment: 7,200 or 10,800.
int kyiv_offset_seconds(Milliseconds time_ms);

}  // namespace oberih::client
