// SPDX-License-Identifier: Apache-2.0
#include "server/transport/rate_limiter.hpp"

#include <algorithm>

namespace oberih::transport {

TokenBucket::Verdict TokenBucket::take(double amount, TimePoint now) {
  if (now > filled_at_) {
    double seconds = std::chrono::duration<double>(now - filled_at_).count();
    tokens_ = std::min(burst_, tokens_ + seconds * per_second_);
    filled_at_ = now;
  }
  tokens_ -= amount;
  if (tokens_ >= 0) return Verdict::within;
  if (tokens_ >= -burst_) return Verdict::over;
  tokens_ = -burst_;
  return Verdict::far_over;
}

RateLimiter::RateLimiter(const RateLimits& limits)
    : requests_(static_cast<double>(limits.requests_per_second),
                2 * static_cast<double>(limits.requests_per_second)),
      bytes_(static_cast<double>(limits.bytes_per_second),
             2 * static_cast<double>(limits.bytes_per_second)) {}

TokenBucket::Verdict RateLimiter::take(std::size_t bytes, TokenBucket::TimePoint now) {
  std::lock_guard lock(mutex_);
  return std::max(requests_.take(1, now), bytes_.take(static_cast<double>(bytes), now));
}

}  // namespace oberih::transport
