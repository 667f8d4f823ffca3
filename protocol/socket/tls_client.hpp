// SPDX-License-Identifier: Apache-2.0
// Connects to a server whose key is pinned: the certificate's names and issuer mean nothing.
#pragma once

#include "protocol/socket/tls_websocket.hpp"

namespace oberih::socket {

struct ClientTarget {
  std::string host;
  std::uint16_t port = 0;
  Digest server_spki;       // from the genesis; another key is refused: wrong_server
  std::string subprotocol;  // "oberih.v1"
  Timeouts timeouts;
  std::size_t frame_bytes = limits::frame_bytes;
  /// A device's very first connection knows only the genesis hash: it takes any key, reads the
  /// genesis, and compares peer_spki() with what that names before it believes or says anything.
  bool takes_any_server = false;
};

/// Calls `done` once, on an io thread: an open WebSocket (call start() on it), or why not:
/// not_connected, wrong_server, unsupported_version, unknown_device, device_revoked,
/// certificate_expired (the last three from the server's TLS alert, which under TLS 1.3 may come
/// only with the first read after the handshake: it is waited for here).
void connect_tls_websocket(EventLoop& loop, const ClientTarget& target, const TlsIdentity& identity,
                           std::function<void(Result<std::shared_ptr<TlsWebSocket>>)> done);

}  // namespace oberih::socket
