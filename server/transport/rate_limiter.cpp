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

RateLimiter::RateLimiter(const RateLimits& limits, std::shared_ptr<SharedBucket> agency)
    : requests_(static_cast<double>(limits.requests_per_second),
                2 * static_cast<double>(limits.requests_per_second)),
      bytes_(static_cast<double>(limits.bytes_per_second),
             2 * static_cast<double>(limits.bytes_per_second)),
      agency_(std::move(agency)) {}

TokenBucket::Verdict RateLimiter::take(std::size_t bytes, TokenBucket::TimePoint now) {
  TokenBucket::Verdict own;
  {
    std::lock_guard lock(mutex_);
    own = std::max(requests_.take(1, now), bytes_.take(static_cast<double>(bytes), now));
  }
  // What a device is refused costs its agency nothing; nobody is cut off for a colleague's haste.
  if (own != TokenBucket::Verdict::within) return own;
  return std::min(agency_->take(now), TokenBucket::Verdict::over);
}

}  // namespace oberih::transport
