// SPDX-License-Identifier: Apache-2.0
// Nothing is written while the wall clock cannot be trusted: one leap forward would expire
// certificates for ever (server_ms never decreases). The operator confirms the time, nobody else.
#pragma once

#include "server/application/ports.hpp"

namespace oberih::application {

class ClockGuard {
 public:
  ClockGuard(const Clock& clock, const SteadyClock& steady);

  /// At start: 30 days past the newest leaf, or more than the permitted skew before it, is a leap.
  void begin(Milliseconds newest_leaf_ms);
  /// The wall clock's time, or clock_unreliable until confirm().
  Result<Milliseconds> now_ms();
  void confirm();

 private:
  static constexpr Milliseconds longest_pause_ms = 30ull * 24 * 3600 * 1000;
  // NTP slews a clock by at most 500 ppm; what goes faster than that is a step.
  static constexpr std::int64_t steady_ms_per_slewed_ms = 2'000;

  std::int64_t offset_ms() const;
  void follow_slew(std::int64_t offset);

  const Clock& clock_;
  const SteadyClock& steady_;
  std::int64_t base_offset_ms_;  // wall minus steady, as trusted
  std::uint64_t base_steady_ms_;
  bool reliable_ = true;
};

}  // namespace oberih::application
