// SPDX-License-Identifier: Apache-2.0
#include "server/transport/session_registry.hpp"

#include <vector>

#include "server/transport/websocket_session.hpp"

namespace oberih::transport {

std::shared_ptr<RateLimiter> SessionRegistry::rate_limiter(const DeviceId& device,
                                                           const AgencyId& agency) {
  std::lock_guard lock(mutex_);
  auto& limiter = devices_[device].limiter;
  if (limiter) return limiter;
  auto& shared = agencies_[agency];
  if (!shared) shared = std::make_shared<AgencyLimiter>(rates_);
  limiter = std::make_shared<RateLimiter>(rates_, shared);
  return limiter;
}

bool SessionRegistry::enter(const DeviceId& device,
                            const std::shared_ptr<WebsocketSession>& session) {
  std::lock_guard lock(mutex_);
  auto& sessions = devices_[device].sessions;
  if (sessions.size() >= connections_per_device_) return false;
  if (sessions.emplace(session.get(), session).second) ++count_;
  return true;
}

void SessionRegistry::leave(const DeviceId& device, const WebsocketSession* session) {
  std::lock_guard lock(mutex_);
  auto row = devices_.find(device);
  if (row != devices_.end()) count_ -= row->second.sessions.erase(session);
}

void SessionRegistry::for_each(const std::function<void(WebsocketSession&)>& visit) const {
  std::vector<std::shared_ptr<WebsocketSession>> found;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [device, row] : devices_)
      for (const auto& [key, session] : row.sessions)
        if (auto live = session.lock()) found.push_back(std::move(live));
  }
  for (const auto& session : found) visit(*session);
}

std::size_t SessionRegistry::count() const {
  std::lock_guard lock(mutex_);
  return count_;
}

}  // namespace oberih::transport
