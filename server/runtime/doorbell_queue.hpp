// SPDX-License-Identifier: Apache-2.0
// Which ring comes next: the same one waits once, one at a time for an agency, a pause between two
// of the same, a few at once in all. Bounded. No clock and no process of its own.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <set>

#include "server/application/ports.hpp"

namespace oberih::runtime {

struct DoorbellLimits {
  std::chrono::milliseconds time_limit{30'000};  // of one ring; then it is killed
  std::chrono::milliseconds pause{60'000};       // from the beginning of a ring to the same again
  std::size_t waiting = 1'024;
  std::size_t at_once = 4;
};

class DoorbellQueue {
 public:
  explicit DoorbellQueue(DoorbellLimits limits) : limits_(limits) {}

  /// False when it is full. What waits already is not put in again: one ring says as much as two.
  bool put(const application::Ring& ring);
  /// The first that may ring now; it counts as under way from here on.
  std::optional<application::Ring> take(std::uint64_t now_ms);
  void finish(const application::Ring& ring);
  /// When one whose pause ends may ring; nothing: none waits for that alone.
  std::optional<std::uint64_t> next_ms() const;
  std::size_t waiting() const { return waiting_.size(); }

 private:
  bool is_startable(const application::Ring& ring) const;
  std::uint64_t earliest_ms(const application::Ring& ring) const;

  const DoorbellLimits limits_;
  std::deque<application::Ring> waiting_;
  std::set<AgencyId> ringing_;
  std::map<application::Ring, std::uint64_t> begun_ms_;  // within the pause
};

}  // namespace oberih::runtime
