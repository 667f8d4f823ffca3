// SPDX-License-Identifier: Apache-2.0
// How much a device and an agency may ask: token buckets for requests, bytes in either direction
// and connections, shared by a device's connections, and some for an agency's devices together.
// Time is given, never asked for.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>

namespace oberih::transport {

/// What even an empty page is charged: it has cost a query.
inline constexpr std::size_t least_page_bytes = 8 * 1024;

struct RateLimits {
  std::size_t requests_per_second = 0;
  std::size_t bytes_per_second = 0;
  std::size_t agency_requests_per_second = 0;
  std::size_t read_bytes_per_second = 0;
  std::size_t connections_per_minute = 0;
  std::size_t agency_connections_per_minute = 0;
  std::size_t agency_bytes_per_second = 0;
  std::size_t agency_read_bytes_per_second = 0;
  std::size_t connections_at_once = 0;  // of a device; an agency may open a minute's worth
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
  /// Whether take() would stay within; takes nothing.
  bool has(double amount, TimePoint now) {
    fill(now);
    return tokens_ >= amount;
  }
  /// How long until nothing is owed any more; zero where nothing is.
  std::chrono::milliseconds until_paid(TimePoint now);

 private:
  void fill(TimePoint now);

  double per_second_;
  double burst_;
  double tokens_;
  TimePoint filled_at_{};
};

/// What the devices of one agency share. Callable from any thread.
class AgencyLimiter {
 public:
  explicit AgencyLimiter(const RateLimits& limits);
  TokenBucket::Verdict take(double requests, std::size_t bytes, TokenBucket::TimePoint now);
  std::chrono::milliseconds request_pause(TokenBucket::TimePoint now);
  void charge_read(std::size_t bytes, TokenBucket::TimePoint now);
  std::chrono::milliseconds read_pause(TokenBucket::TimePoint now);
  bool may_connect(TokenBucket::TimePoint now);
  void take_connection(TokenBucket::TimePoint now);

 private:
  std::mutex mutex_;
  TokenBucket requests_;
  TokenBucket bytes_;
  TokenBucket read_bytes_;
  TokenBucket connections_;
};

/// Of a device.
class RateLimiter {
 public:
  /// A burst is what two seconds give: a client that comes back asks for all its channels at once.
  RateLimiter(const RateLimits& limits, std::shared_ptr<AgencyLimiter> agency);

  // -- any thread ---------------------------------------------------------------------------------
  /// One request of `bytes`.
  TokenBucket::Verdict take(std::size_t bytes, TokenBucket::TimePoint now);
  /// What a request costs beyond the one that take() took.
  TokenBucket::Verdict take_more(double requests, TokenBucket::TimePoint now);
  /// How long nothing more can be within: until what was refused is paid for.
  std::chrono::milliseconds request_pause(TokenBucket::TimePoint now);
  /// What went out: answers, and pages that a subscription had missed.
  void charge_read(std::size_t bytes, TokenBucket::TimePoint now);
  /// How long the device, or all of its agency, must wait before it may read on; zero: not at all.
  std::chrono::milliseconds read_pause(TokenBucket::TimePoint now);

  /// Asked while a handshake is under way. It takes nothing: whoever knows a device's certificate
  /// could lock its owner out.
  bool may_connect(TokenBucket::TimePoint now);
  /// For a handshake that proved the device's key. False: this one was too many.
  bool take_connection(TokenBucket::TimePoint now);
  /// For a connection that had to be cut off: who comes back at once to do the same is slower.
  void charge_misconduct(TokenBucket::TimePoint now);

 private:
  TokenBucket::Verdict with_agency(TokenBucket::Verdict own, double requests, std::size_t bytes,
                                   TokenBucket::TimePoint now) const;

  std::mutex mutex_;
  TokenBucket requests_;
  TokenBucket bytes_;
  TokenBucket read_bytes_;
  TokenBucket connections_;
  const std::shared_ptr<AgencyLimiter> agency_;
};

}  // namespace oberih::transport
