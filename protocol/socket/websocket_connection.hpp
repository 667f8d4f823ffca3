// SPDX-License-Identifier: Apache-2.0
// Makes a TlsWebSocket out of a TLS connection, at either end. Beast's WebSocket is compiled in
// websocket_connection.cpp alone. Internal to protocol/socket.
#pragma once

#include "protocol/socket/http_header.hpp"
#include "protocol/socket/tls_connection.hpp"

namespace oberih::socket {

struct WebSocketSettings {
  std::string subprotocol;
  std::size_t frame_bytes = limits::frame_bytes;
  Timeouts timeouts;
};

/// Server: answers an upgrade request whose subprotocol was found good. `done` gets the open
/// WebSocket or nothing. The caller keeps the time and closes the connection when it is up.
void accept_websocket(std::shared_ptr<TlsConnection> connection, const HttpHeader& request,
                      const WebSocketSettings& settings,
                      std::function<void(std::shared_ptr<TlsWebSocket>)> done);

/// What became of a client's upgrade request.
struct UpgradeOutcome {
  std::shared_ptr<TlsWebSocket> websocket;  // open, or nothing
  unsigned http_status = 0;                 // 0: no answer came
  std::string subprotocol;                  // the one the server chose
  std::string body;                         // of a refusal
};
void request_websocket(std::shared_ptr<TlsConnection> connection, const WebSocketSettings& settings,
                       std::function<void(UpgradeOutcome)> done);

}  // namespace oberih::socket
