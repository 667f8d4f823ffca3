// SPDX-License-Identifier: Apache-2.0
// Who is connected: sessions by device, with the limits that a device's connections share.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "protocol/base/ids.hpp"
#include "server/transport/rate_limiter.hpp"

namespace oberih::transport {

class WebsocketSession;

class SessionRegistry {
 public:
  SessionRegistry(std::size_t connections_per_device, const RateLimits& rates)
      : connections_per_device_(connections_per_device), rates_(rates) {}

  /// The limiter that this device's connections share.
  std::shared_ptr<RateLimiter> rate_limiter(const DeviceId& device, const AgencyId& agency);
  /// False when the device has as many connections as permitted.
  [[nodiscard]] bool enter(const DeviceId& device,
                           const std::shared_ptr<WebsocketSession>& session);
  void leave(const DeviceId& device, const WebsocketSession* session);

  /// Without a lock held: `visit` may close what it visits.
  void for_each(const std::function<void(WebsocketSession&)>& visit) const;
  std::size_t count() const;

 private:
  struct DeviceRow {
    std::shared_ptr<RateLimiter> limiter;
    std::map<const WebsocketSession*, std::weak_ptr<WebsocketSession>> sessions;
  };

  const std::size_t connections_per_device_;
  const RateLimits rates_;
  mutable std::mutex mutex_;
  std::map<DeviceId, DeviceRow> devices_;  // rows stay: there are no more than certified devices
  std::map<AgencyId, std::shared_ptr<AgencyLimiter>> agencies_;
  std::size_t count_ = 0;
};

}  // namespace oberih::transport
