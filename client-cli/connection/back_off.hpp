// SPDX-License-Identifier: Apache-2.0
// How long to wait before the next attempt to connect: twice as long each time, from 1 s to 30 s,
// shifted at random so that an agency's devices do not all come back in the same moment.
#pragma once

#include <chrono>

namespace oberih::client {

class BackOff {
 public:
  /// Between half of and the whole step.
  std::chrono::milliseconds next_delay();
  void reset() { step_ = first; }

 private:
  static constexpr std::chrono::milliseconds first{1'000};
  static constexpr std::chrono::milliseconds longest{30'000};
  std::chrono::milliseconds step_ = first;
};

}  // namespace oberih::client
