// SPDX-License-Identifier: Apache-2.0
// Hearings as a file for calendar programs (RFC 5545, `text/calendar`). Holds what it is given and
// nothing else: who is called never stands in it, for such files end up in telephones and clouds.
#pragma once

#include <string>
#include <vector>

#include "protocol/base/ids.hpp"
#include "protocol/base/kyiv_clock.hpp"

namespace oberih::client {

// As RFC 5546 has them. Never REQUEST: a calendar program would answer it by mail, and an answer to
// a court belongs into the journal.
enum class CalendarMethod { publish, cancel };
enum class CalendarStatus { confirmed, tentative, cancelled };

struct CalendarEvent {
  HearingId hearing;
  std::uint64_t version = 1;
  Milliseconds changed_ms = 0;  // by the newest entry: of two files of one version it is the newer
  WallTime start;               // without a fault
  std::uint16_t minutes = 0;
  CalendarStatus status = CalendarStatus::confirmed;
  AgencyId court;
  std::string court_name;
  std::string summary;
  std::string location;
  std::string case_number;
  std::string details;  // empty: none
};

/// Lines end with CRLF and are folded at 75 bytes. The same events make the same bytes.
std::string write_calendar(CalendarMethod method, const std::vector<CalendarEvent>& events);

}  // namespace oberih::client
