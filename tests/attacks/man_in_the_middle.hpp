// SPDX-License-Identifier: Apache-2.0
// Sits between clients and a server with the server's own TLS key. It passes frames on and lets
// somebody else decide what becomes of each; it knows nothing of what they mean.
#pragma once

#include <map>
#include <mutex>
#include <optional>

#include "protocol/socket/tls_client.hpp"
#include "protocol/socket/tls_listener.hpp"

namespace oberih::attacks {

class ManInTheMiddle {
 public:
  /// What becomes of a frame. `onward` goes to where it was going, `back` to where it came from.
  struct Verdict {
    std::optional<std::string> onward;
    std::optional<std::string> back;
  };
  struct Judge {
    std::function<Verdict(const Digest& client_spki, std::string_view frame)> of_client;
    std::function<Verdict(const Digest& client_spki, std::string_view frame)> of_server;
  };

  ManInTheMiddle(std::uint16_t server_port, const socket::TlsIdentity& server_identity,
                 const Digest& server_spki, Judge judge);
  ~ManInTheMiddle();
  ManInTheMiddle(const ManInTheMiddle&) = delete;
  ManInTheMiddle& operator=(const ManInTheMiddle&) = delete;

  std::uint16_t port() const { return listener_->port(); }
  /// The honest server behind asks for a client's TLS key; the operator of a real malicious server
  /// needs none, for he is that server.
  void introduce(const Digest& client_spki, socket::TlsIdentity identity);

 private:
  void connect_on(std::shared_ptr<socket::TlsWebSocket> client);

  std::uint16_t server_port_;
  Digest server_spki_;
  Judge judge_;
  std::mutex mutex_;
  std::map<Digest, socket::TlsIdentity> identities_;
  socket::EventLoop loop_{1};  // one thread: the two ends of a connection never run at once
  std::unique_ptr<socket::TlsListener> listener_;
};

}  // namespace oberih::attacks
