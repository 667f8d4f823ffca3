// SPDX-License-Identifier: Apache-2.0
// What waits for the recorder: bounded, fair to agencies and devices. Many threads put, one takes.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "server/application/unit.hpp"

namespace oberih::application {

class UnitQueue {
 public:
  struct Bounds {
    std::size_t units = 0;        // that wait
    std::size_t batch_rows = 0;   // that are taken at once
    std::size_t batch_bytes = 0;  // but one unit always
  };
  explicit UnitQueue(const Bounds& bounds) : bounds_(bounds), units_(bounds.units) {}

  /// Answers at once where no more work is done (unavailable). Where there is no room, the newest
  /// unit of whoever has most waiting is answered server_busy, on this thread.
  void put(std::unique_ptr<Unit> unit);
  void wake();
  void confirm_clock();
  void stop();
  bool is_stopping() const;

  struct Taken {
    Units units;
    bool stopping = false;  // and nothing waits any more
    bool woken = false;
    bool clock_confirmed = false;
  };
  /// Waits for work, a signal or the end of `longest`.
  Taken take(std::chrono::milliseconds longest);
  /// Answers what was never taken.
  void refuse_rest();

 private:
  const Bounds bounds_;
  mutable std::mutex mutex_;
  std::condition_variable work_;
  FairQueue<std::unique_ptr<Unit>> units_;
  bool stopping_ = false;
  bool woken_ = false;
  bool clock_confirmed_ = false;
};

}  // namespace oberih::application
