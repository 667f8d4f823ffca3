// SPDX-License-Identifier: Apache-2.0
// One thread that waits for thousands of sockets (epoll), with timing fine enough for an open loop.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "tests/load/measurement.hpp"

namespace oberih::load {

class EventLoop {
 public:
  class Source {
   public:
    virtual void on_ready() = 0;

   protected:
    ~Source() = default;
  };
  enum class Interest { read, read_and_write };

  EventLoop();
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  void add(int descriptor, Source& source, Interest interest);
  void change(int descriptor, Source& source, Interest interest);
  void remove(int descriptor);
  /// Does it at the end of the turn, when no source is in the middle of something.
  void later(std::function<void()> work) { later_.push_back(std::move(work)); }
  /// Lets sources handle what has come, waiting for it until `until` at most. Sources must not be
  /// destroyed meanwhile.
  void turn(Clock::time_point until);
  /// Turns until `is_done` or the deadline; whether it is done.
  template <class Condition>
  bool run(Condition is_done, Clock::duration patience) {
    const auto deadline = Clock::now() + patience;
    while (!is_done()) {
      if (Clock::now() >= deadline) return false;
      turn(deadline);
    }
    return true;
  }

  /// For whoever reads: one for all, since one reads at a time.
  std::array<char, 64 * 1024>& scratch() { return scratch_; }

 private:
  int descriptor_;
  std::vector<std::function<void()>> later_;
  std::array<char, 64 * 1024> scratch_;
};

}  // namespace oberih::load
