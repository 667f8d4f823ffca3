// SPDX-License-Identifier: Apache-2.0
#include "server/transport/rate_limiter.hpp"

#include <algorithm>
#include <utility>

namespace oberih::transport {

namespace {

constexpr double misconduct_cost = 5;  // connections

TokenBucket of_two_seconds(std::size_t per_second) {
  const auto rate = static_cast<double>(per_second);
  return {rate, 2 * rate};
}

/// Of what an agency sends: to read the largest frames costs too much to do for two seconds.
TokenBucket of_half_a_second(std::size_t per_second) {
  const auto rate = static_cast<double>(per_second);
  return {rate, rate / 2};
}

TokenBucket of_connections(std::size_t per_minute, std::size_t at_once) {
  return {static_cast<double>(per_minute) / 60, static_cast<double>(at_once)};
}

}  // namespace

void TokenBucket::fill(TimePoint now) {
  if (now <= filled_at_) return;
  const double seconds = std::chrono::duration<double>(now - filled_at_).count();
  tokens_ = std::min(burst_, tokens_ + seconds * per_second_);
  filled_at_ = now;
}

TokenBucket::Verdict TokenBucket::take(double amount, TimePoint now) {
  fill(now);
  tokens_ -= amount;
  if (tokens_ >= 0) return Verdict::within;
  if (tokens_ >= -burst_) return Verdict::over;
  tokens_ = -burst_;
  return Verdict::far_over;
}

std::chrono::milliseconds TokenBucket::until_paid(TimePoint now) {
  fill(now);
  const std::chrono::duration<double> wait(std::max(0.0, -tokens_ / per_second_));
  return std::chrono::ceil<std::chrono::milliseconds>(wait);
}

AgencyLimiter::AgencyLimiter(const RateLimits& limits)
    : requests_(of_two_seconds(limits.agency_requests_per_second)),
      bytes_(of_half_a_second(limits.agency_bytes_per_second)),
      read_bytes_(of_two_seconds(limits.agency_read_bytes_per_second)),
      connections_(of_connections(limits.agency_connections_per_minute,
                                  limits.agency_connections_per_minute)) {}

TokenBucket::Verdict AgencyLimiter::take(double requests, std::size_t bytes,
                                         TokenBucket::TimePoint now) {
  std::lock_guard lock(mutex_);
  return std::max(requests_.take(requests, now), bytes_.take(static_cast<double>(bytes), now));
}

std::chrono::milliseconds AgencyLimiter::request_pause(TokenBucket::TimePoint now) {
  std::lock_guard lock(mutex_);
  return std::max(requests_.until_paid(now), bytes_.until_paid(now));
}

void AgencyLimiter::charge_read(std::size_t bytes, TokenBucket::TimePoint now) {
  std::lock_guard lock(mutex_);
  read_bytes_.take(static_cast<double>(bytes), now);
}

std::chrono::milliseconds AgencyLimiter::read_pause(TokenBucket::TimePoint now) {
  std::lock_guard lock(mutex_);
  return read_bytes_.until_paid(now);
}

bool AgencyLimiter::may_connect(TokenBucket::TimePoint now) {
  std::lock_guard lock(mutex_);
  return connections_.has(1, now);
}

void AgencyLimiter::take_connection(TokenBucket::TimePoint now) {
  std::lock_guard lock(mutex_);
  connections_.take(1, now);
}

RateLimiter::RateLimiter(const RateLimits& limits, std::shared_ptr<AgencyLimiter> agency)
    : requests_(of_two_seconds(limits.requests_per_second)),
      bytes_(of_two_seconds(limits.bytes_per_second)),
      read_bytes_(of_two_seconds(limits.read_bytes_per_second)),
      connections_(of_connections(limits.connections_per_minute, limits.connections_at_once)),
      agency_(std::move(agency)) {}

TokenBucket::Verdict RateLimiter::take(std::size_t bytes, TokenBucket::TimePoint now) {
  TokenBucket::Verdict own;
  {
    std::lock_guard lock(mutex_);
    own = std::max(requests_.take(1, now), bytes_.take(static_cast<double>(bytes), now));
  }
  return with_agency(own, 1, bytes, now);
}

TokenBucket::Verdict RateLimiter::take_more(double requests, TokenBucket::TimePoint now) {
  TokenBucket::Verdict own;
  {
    std::lock_guard lock(mutex_);
    own = requests_.take(requests, now);
  }
  return with_agency(own, requests, 0, now);
}

TokenBucket::Verdict RateLimiter::with_agency(TokenBucket::Verdict own, double requests,
                                              std::size_t bytes, TokenBucket::TimePoint now) const {
  // What a device is refused costs its agency nothing; nobody is cut off for a colleague's haste.
  if (own != TokenBucket::Verdict::within) return own;
  return std::min(agency_->take(requests, bytes, now), TokenBucket::Verdict::over);
}

std::chrono::milliseconds RateLimiter::request_pause(TokenBucket::TimePoint now) {
  std::chrono::milliseconds own;
  {
    std::lock_guard lock(mutex_);
    own = std::max(requests_.until_paid(now), bytes_.until_paid(now));
  }
  return std::max(own, agency_->request_pause(now));
}

void RateLimiter::charge_read(std::size_t bytes, TokenBucket::TimePoint now) {
  {
    std::lock_guard lock(mutex_);
    read_bytes_.take(static_cast<double>(bytes), now);
  }
  agency_->charge_read(bytes, now);
}

std::chrono::milliseconds RateLimiter::read_pause(TokenBucket::TimePoint now) {
  std::chrono::milliseconds own;
  {
    std::lock_guard lock(mutex_);
    own = read_bytes_.until_paid(now);
  }
  return std::max(own, agency_->read_pause(now));
}

bool RateLimiter::may_connect(TokenBucket::TimePoint now) {
  {
    std::lock_guard lock(mutex_);
    if (!connections_.has(1, now)) return false;
  }
  return agency_->may_connect(now);
}

bool RateLimiter::take_connection(TokenBucket::TimePoint now) {
  if (!may_connect(now)) return false;
  {
    std::lock_guard lock(mutex_);
    connections_.take(1, now);
  }
  agency_->take_connection(now);
  return true;
}

void RateLimiter::charge_misconduct(TokenBucket::TimePoint now) {
  std::lock_guard lock(mutex_);
  connections_.take(misconduct_cost, now);
}

}  // namespace oberih::transport
