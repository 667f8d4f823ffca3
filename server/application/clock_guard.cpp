// SPDX-License-Identifier: Apache-2.0
#include "server/application/clock_guard.hpp"

#include <algorithm>
#include <cstdlib>

#include "protocol/base/limits.hpp"

namespace oberih::application {

ClockGuard::ClockGuard(const Clock& clock, const SteadyClock& steady)
    : clock_(clock),
      steady_(steady),
      base_offset_ms_(offset_ms()),
      base_steady_ms_(steady.elapsed_ms()) {}

void ClockGuard::begin(Milliseconds newest_leaf_ms) {
  confirm();
  const Milliseconds now = clock_.now_ms();
  if (newest_leaf_ms == 0) return;
  if (now > newest_leaf_ms + longest_pause_ms || now + limits::clock_skew_ms < newest_leaf_ms)
    reliable_ = false;
}

Result<Milliseconds> ClockGuard::now_ms() {
  const std::int64_t offset = offset_ms();
  if (std::llabs(offset - base_offset_ms_) > static_cast<std::int64_t>(limits::clock_skew_ms))
    reliable_ = false;
  if (!reliable_) return refuse(RefusalCode::clock_unreliable);
  follow_slew(offset);
  return clock_.now_ms();
}

void ClockGuard::confirm() {
  base_offset_ms_ = offset_ms();
  base_steady_ms_ = steady_.elapsed_ms();
  reliable_ = true;
}

std::int64_t ClockGuard::offset_ms() const {
  return static_cast<std::int64_t>(clock_.now_ms()) -
         static_cast<std::int64_t>(steady_.elapsed_ms());
}

void ClockGuard::follow_slew(std::int64_t offset) {
  const std::uint64_t steady = steady_.elapsed_ms();
  const auto allowed =
      static_cast<std::int64_t>(steady - base_steady_ms_) / steady_ms_per_slewed_ms;
  if (allowed == 0) return;
  base_offset_ms_ += std::clamp(offset - base_offset_ms_, -allowed, allowed);
  base_steady_ms_ = steady;
}

}  // namespace oberih::application
