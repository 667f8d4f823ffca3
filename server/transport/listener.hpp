// SPDX-License-Identifier: Apache-2.0
// The door: lets certified devices in and gives each connection a session.
#pragma once

#include <memory>
#include <string>

#include "protocol/socket/tls_listener.hpp"
#include "server/transport/websocket_session.hpp"

namespace oberih::transport {

struct ListenerSettings {
  std::string address;
  std::uint16_t port = 0;  // 0: a free one
  socket::ListenerLimits limits;
};

class Listener {
 public:
  /// Throws std::runtime_error with a sentence when the address cannot be bound. `surroundings`
  /// lives longer than the event loop runs.
  Listener(const ListenerSettings& settings, const socket::TlsIdentity& identity,
           const SessionSurroundings& surroundings);

  std::uint16_t port() const { return listener_.port(); }
  /// Stops accepting; sessions stay.
  void stop() { listener_.stop(); }

 private:
  socket::TlsListener listener_;
};

}  // namespace oberih::transport
