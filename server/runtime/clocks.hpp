// SPDX-License-Identifier: Apache-2.0
// The two real clocks behind the application's ports.
#pragma once

#include "server/application/ports.hpp"

namespace oberih::runtime {

class WallClock final : public application::Clock {
 public:
  Milliseconds now_ms() const override { return wall_clock_ms(); }
};

class MonotonicClock final : public application::SteadyClock {
 public:
  std::uint64_t elapsed_ms() const override {
    using namespace std::chrono;
    return static_cast<std::uint64_t>(
        duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count());
  }
};

}  // namespace oberih::runtime
