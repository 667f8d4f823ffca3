// SPDX-License-Identifier: Apache-2.0
// Dates and times that people type, in Kyiv time.
#pragma once

#include <optional>
#include <string_view>

#include "protocol/base/timestamp.hpp"

namespace oberih::client {

/// The end of that day in Kyiv, which is the first moment of the next one: `2027-03-04` or
/// `04.03.2027`. Nothing for anything else, also for a day that no calendar has.
std::optional<Milliseconds> parse_last_day(std::string_view text);

/// That moment in Kyiv: `2027-03-04 10:00` or `04.03.2027 10:00`, also with a `T` between; a day
/// alone is its first moment. Where the clocks go back the first of the two. Nothing for anything
/// else, also for an hour that the clocks leave out.
std::optional<Milliseconds> parse_moment(std::string_view text);

}  // namespace oberih::client
