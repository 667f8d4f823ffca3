// SPDX-License-Identifier: Apache-2.0
// One connection to the server: blocking requests, and a queue of what the server sends unasked. It
// neither reconnects nor believes: the session does the one, verification/ the other.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <variant>

#include "client-cli/connection/reply_of.hpp"
#include "client-cli/keyring/profile.hpp"
#include "protocol/socket/tls_client.hpp"
#include "protocol/wire/events.hpp"

namespace oberih::client {

using Event = std::variant<wire::ItemEvent, wire::UnfollowedEvent, wire::CheckpointEvent>;

class ServerConnection {
 public:
  explicit ServerConnection(socket::EventLoop& loop);
  ServerConnection(const ServerConnection&) = delete;
  ServerConnection& operator=(const ServerConnection&) = delete;
  ~ServerConnection();  // closes

  /// TLS, WebSocket, session.hello. `server_spki`: nothing only at the very first connection, when
  /// the genesis is not known yet. Refusals: those of connect_tls_websocket and of session.hello.
  Result<wire::HelloReply> open(const ServerAddress& server,
                                const std::optional<Digest>& server_spki,
                                const socket::TlsIdentity& identity, std::uint64_t checkpoint_size);

  /// Waits for the reply. Refusals: the server's; not_connected when the connection ended before a
  /// reply came, and then the outcome is not known.
  template <class Request>
  Result<ReplyOf<Request>> call(const Request& request);

  /// The next event, in order; nothing when none came in time or the connection ended.
  std::optional<Event> next_event(std::chrono::milliseconds wait);
  bool is_open() const;
  /// Why it ended: not_connected, device_revoked, server_busy, verification_failed (no oberih.v1).
  Refusal why_closed() const;
  void close();

  /// Of the server, as verified in the handshake.
  Digest peer_spki() const;
  /// How long a request may take.
  void set_reply_timeout(std::chrono::milliseconds timeout) { reply_timeout_ = timeout; }

 private:
  struct Channel;  // what the io thread and the callers share
  std::shared_ptr<Channel> channel_;
  socket::EventLoop& loop_;
  std::chrono::milliseconds reply_timeout_{30'000};
};

}  // namespace oberih::client
