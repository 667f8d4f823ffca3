// SPDX-License-Identifier: Apache-2.0
// One accepted connection until it is a WebSocket, has its HTTP answers, or is turned away: TLS,
// then an HTTP header, all within the handshake time-out. Internal to protocol/socket.
#pragma once

#include "protocol/socket/connection_admission.hpp"
#include "protocol/socket/http_header.hpp"
#include "protocol/socket/websocket_connection.hpp"

namespace oberih::socket {

/// What the handshakes of one listener share.
struct HandshakeService {
  std::shared_ptr<IoContext> context;
  OpensslPointer<SSL_CTX> tls;
  WebSocketSettings settings;
  std::size_t http_header_bytes;
  std::size_t http_body_bytes;
  std::size_t http_requests;
  TlsListener::Handlers handlers;

  void reject(std::string_view address, std::string_view reason) const {
    if (handlers.on_rejected) handlers.on_rejected(address, reason);
  }
};

/// Takes the socket through the handshake; the objects involved keep themselves alive.
void begin_server_handshake(std::shared_ptr<const HandshakeService> service, TcpSocket socket,
                            std::string address, ConnectionAdmission::Admitted admitted);

}  // namespace oberih::socket
