// SPDX-License-Identifier: Apache-2.0
// Dates that people type, in Kyiv time.
#pragma once

#include <optional>
#include <string_view>

#include "protocol/base/timestamp.hpp"

namespace oberih::client {

/// The end of that day in Kyiv, which is the first moment of the next one: `2027-03-04` or
/// `04.03.2027`. Nothing for anything else, also for a day that no calendar has.
std::optional<Milliseconds> parse_last_day(std::string_view text);

}  // namespace oberih::client
