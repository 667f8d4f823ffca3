// SPDX-License-Identifier: Apache-2.0
// Somebody honest who connects twice a second, greets and leaves, in a thread of its own: how long
// that takes while others work or attack.
#pragma once

#include <atomic>
#include <optional>
#include <thread>

#include "tests/load/population.hpp"

namespace oberih::load {

class Newcomer {
 public:
  Newcomer(const Member& member, const Channel& channel, std::uint16_t port)
      : member_(member), channel_(channel), port_(port) {}
  ~Newcomer() { end(); }

  void begin();
  /// The slowest connect, in milliseconds, from TCP to the answered hello; nothing where not even
  /// the first one was done. A connect that failed counts with its time and the wait after it.
  std::optional<double> end();

 private:
  void run();

  const Member& member_;
  const Channel& channel_;
  const std::uint16_t port_;
  std::atomic<bool> is_over_{false};
  std::optional<double> slowest_;  // of the thread, until it is joined
  std::thread thread_;
};

}  // namespace oberih::load
