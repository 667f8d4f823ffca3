// SPDX-License-Identifier: Apache-2.0
// Times of hearings as people type them: what the clocks in Kyiv show. It must not know what time
// it is.
#pragma once

#include <optional>
#include <string_view>

#include "protocol/base/kyiv_clock.hpp"

namespace oberih::client {

/// `2027-03-04 10:00`, `04.03.2027 10:00`, also with a `T` between. Nothing for anything else, as a
/// time with seconds or with a zone. Whether any clock shows it is asked of find_fault().
std::optional<WallTime> parse_wall_time(std::string_view text);

}  // namespace oberih::client
