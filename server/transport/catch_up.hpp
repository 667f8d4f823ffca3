// SPDX-License-Identifier: Apache-2.0
// Reads the pages that one connection's subscriptions have missed: one page at a time, round robin,
// and only while the outbox has room and the device may read on, so that coming back after a
// blackout costs a bounded share of memory and of the readers.
#pragma once

#include <deque>
#include <memory>
#include <mutex>

#include "protocol/socket/event_loop.hpp"
#include "server/application/services.hpp"
#include "server/transport/rate_limiter.hpp"
#include "server/transport/subscription.hpp"

namespace oberih::transport {

class CatchUp : public std::enable_shared_from_this<CatchUp> {
 public:
  CatchUp(socket::EventLoop& loop, const application::Services& services,
          const domain::Origin& origin, std::shared_ptr<Outbox> outbox,
          std::shared_ptr<RateLimiter> rate_limiter)
      : loop_(loop),
        services_(services),
        origin_(origin),
        outbox_(std::move(outbox)),
        rate_limiter_(std::move(rate_limiter)) {}

  /// Any thread. The subscription is not in the queue yet.
  void add(SubscriptionPointer subscription);
  /// Any thread. For a subscription that has ended: who follows and unfollows in a loop must not
  /// make the queue grow.
  void remove(const SubscriptionPointer& subscription);
  std::size_t waiting_count() const;
  /// Forgets what waits; a page under way comes to nothing.
  void stop();

 private:
  void step();
  void read_page(const SubscriptionPointer& subscription);
  void take_page(const SubscriptionPointer& subscription, std::uint64_t after_seq,
                 Result<wire::ItemPage> page);
  void finish_page(const SubscriptionPointer& again);
  void retry_later(const SubscriptionPointer& subscription, std::chrono::milliseconds delay);
  SubscriptionPointer take_next();  // with the lock held

  socket::EventLoop& loop_;
  const application::Services& services_;
  const domain::Origin origin_;
  const std::shared_ptr<Outbox> outbox_;
  const std::shared_ptr<RateLimiter> rate_limiter_;
  mutable std::mutex mutex_;
  std::deque<SubscriptionPointer> waiting_;
  bool is_reading_ = false;
  bool is_stopped_ = false;
  std::shared_ptr<void> retry_timer_;
};

}  // namespace oberih::transport
