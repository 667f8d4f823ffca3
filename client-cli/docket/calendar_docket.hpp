// SPDX-License-Identifier: Apache-2.0
// A docket as `text/calendar` (RFC 5545): its events that are one session each, at a time of Kyiv.
#pragma once

#include "client-cli/docket/docket.hpp"

namespace oberih::client {

/// REQUIRES: unfolded lines (content_lines). Refusal: docket_invalid: no calendar, too many events.
/// What recurs is never unrolled: such an event is refused by its line.
Result<Docket> read_calendar_docket(std::string_view unfolded);

/// The number of a court's case within other words: `757/1234/27-к`; empty: none.
std::string_view find_case_number(std::string_view text);

}  // namespace oberih::client
