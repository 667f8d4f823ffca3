// SPDX-License-Identifier: Apache-2.0
// How much one device may ask: token buckets for requests and bytes, shared by its connections, so
// that one device cannot starve the others. Time is given, never asked for.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>

namespace oberih::transport {

struct RateLimits {
  std::size_t requests_per_second = 0;
  std::size_t bytes_per_second = 0;
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

class RateLimiter {
 public:
  /// A burst is what two seconds give: a client that comes back asks for all its channels at once.
  explicit RateLimiter(const RateLimits& limits);
  /// One request of `bytes`. Callable from any thread.
  TokenBucket::Verdict take(std::size_t bytes, TokenBucket::TimePoint now);

 private:
  std::mutex mutex_;
  TokenBucket requests_;
  TokenBucket bytes_;
};

}  // namespace oberih::transport
