// SPDX-License-Identifier: Apache-2.0
// Accepts TLS 1.3 connections with client certificates and turns them into WebSockets or answers
// plain HTTP. No session tickets, no resumption, no early data: every connection authenticates
// itself.
#pragma once

#include <utility>

#include "protocol/socket/tls_websocket.hpp"

namespace oberih::socket {

/// What the verify callback says of a client's key; refusals end the handshake with the fitting
/// alert.
enum class PeerVerdict { accepted, unknown, expired, revoked, too_many };

struct HttpRequest {
  std::string method;
  std::string target;
  Digest peer_spki;
  std::string body = {};
  std::size_t number = 1;  // of its connection, from 1 on
};
struct HttpResponse {
  unsigned status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> fields = {};  // of the header, besides the usual
  bool is_last = false;  // the connection ends behind it, whatever was asked for
};
using HttpAnswer = std::function<void(HttpResponse)>;

struct ListenerLimits {
  std::size_t connections = 20'000;         // in all; more are closed before TLS
  std::size_t handshakes = 256;             // under way at once, in all
  std::size_t handshakes_per_address = 64;  // under way at once; behind one NAT sit whole offices
  std::size_t failed_handshakes = 100;      // of one address, forgotten within ten seconds
  std::size_t frame_bytes = limits::frame_bytes;
  std::size_t http_header_bytes = 8 * 1024;
  std::size_t http_body_bytes = 0;  // 0: requests have none
  /// Of one connection, one after the other, where each asks that the connection be kept. The next
  /// one is awaited for as long as a handshake.
  std::size_t http_requests = 1;
  std::size_t send_buffer_bytes = 256 * 1024;  // of a connection, in the kernel
  Timeouts timeouts;
};

/// Handshakes under way go on when the listener is destroyed: what the handlers refer to must live
/// until the EventLoop is destroyed.
class TlsListener {
 public:
  struct Handlers {
    /// Called in the handshake, before anything large is allocated. Any io thread; must not block.
    std::function<PeerVerdict(const Digest& spki)> verify_peer;
    /// A WebSocket whose upgrade succeeded; call start() on it.
    std::function<void(std::shared_ptr<TlsWebSocket>)> on_websocket;
    /// A plain HTTP request (tiles, checkpoint, health); not set: 404. Any io thread; must not
    /// block. The answer is called exactly once: before this returns, or later on any thread.
    std::function<void(const HttpRequest&, HttpAnswer)> on_http;
    /// Diagnostics: a connection that never became a WebSocket (address, reason).
    std::function<void(std::string_view address, std::string_view reason)> on_rejected;
  };

  /// Binds and listens; port 0 takes a free one. `subprotocol` is the only one spoken: an upgrade
  /// that offers none we know gets 400 and a JSON sentence saying which versions this server
  /// speaks. Throws std::runtime_error with a sentence when the address cannot be bound.
  TlsListener(EventLoop& loop, const std::string& address, std::uint16_t port,
              const TlsIdentity& identity, std::string subprotocol, ListenerLimits limits,
              Handlers handlers);
  ~TlsListener();

  std::uint16_t port() const;
  /// Stops accepting; open connections stay.
  void stop();

 private:
  struct Implementation;
  std::shared_ptr<Implementation> implementation_;
};

}  // namespace oberih::socket
