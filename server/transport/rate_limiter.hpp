// SPDX-License-Identifier: Apache-2.0
// How much a device and an agency may ask: token buckets for requests and bytes, shared by a
// device's connections, and one for the requests of an agency's devices together. Time is given,
// never asked for.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>

namespace oberih::transport {

struct RateLimits {
  std::size_t requests_per_second = 0;
  std::size_t bytes_per_second = 0;
  std::size_t agency_requests_per_second = 0;
};

class TokenBucket {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  enum class Verdict {
    within,
    over,      // refused
    far_over,  // went on through a whole burst of refusals: not honest haste
  };

  /// Holds `burst` tokens at first, gains `per_second`, and owes at most `burst`.
  TokenBucket(double per_second, double burst)
      : per_second_(per_second), burst_(burst), tokens_(burst) {}

  /// Takes `amount` whatever the verdict: who goes on while refused gets further into debt.
  Verdict take(double amount, TimePoint now);

 private:
  double per_second_;
  double burst_;
  double tokens_;
  TimePoint filled_at_{};
};

/// Of an agency. Callable from any thread.
class SharedBucket {
 public:
  explicit SharedBucket(std::size_t per_second)
      : bucket_(static_cast<double>(per_second), 2 * static_cast<double>(per_second)) {}
  TokenBucket::Verdict take(TokenBucket::TimePoint now) {
    std::lock_guard lock(mutex_);
    return bucket_.take(1, now);
  }

 private:
  std::mutex mutex_;
  TokenBucket bucket_;
};

/// Of a device.
class RateLimiter {
 public:
  /// A burst is what two seconds give: a client that comes back asks for all its channels at once.
  RateLimiter(const RateLimits& limits, std::shared_ptr<SharedBucket> agency);
  /// One request of `bytes`. Callable from any thread.
  TokenBucket::Verdict take(std::size_t bytes, TokenBucket::TimePoint now);

 private:
  std::mutex mutex_;
  TokenBucket requests_;
  TokenBucket bytes_;
  const std::shared_ptr<SharedBucket> agency_;
};

}  // namespace oberih::transport
