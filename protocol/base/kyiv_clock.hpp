// SPDX-License-Identifier: Apache-2.0
// Minutes as the clocks on Kyiv's walls show them, which is what a court writes. Two hours ahead of
// UTC, three in summer; by the rule in civil_time.hpp, so that everybody computes the same.
#pragma once

#include <optional>

#include "protocol/base/civil_time.hpp"

namespace oberih {

struct WallTime {
  CivilDate date;
  unsigned hour = 0;
  unsigned minute = 0;

  auto operator<=>(const WallTime&) const = default;
};

enum class WallTimeFault {
  not_a_time,  // 30.02., 25:00
  skipped,     // the clocks are put forward over it
  doubled,     // the clocks are put back, and show it twice
};

/// What is wrong with it as the time of an appointment; nothing: it is one moment.
std::optional<WallTimeFault> find_fault(const WallTime& time);
/// REQUIRES: no fault.
Milliseconds moment_of(const WallTime& time);

}  // namespace oberih
