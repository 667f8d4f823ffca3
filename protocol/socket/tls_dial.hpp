// SPDX-License-Identifier: Apache-2.0
// The way to a server over TLS: the connection, then the handshake. What is said over it, and how
// long all may take, is its owner's. Internal to protocol/socket.
#pragma once

#include "protocol/socket/tcp_dial.hpp"
#include "protocol/socket/tls_connection.hpp"
#include "protocol/socket/web_trust.hpp"

namespace oberih::socket {

struct DialTarget {
  std::string host;
  std::uint16_t port = 0;
  TlsConnection::Verify verify;           // of the server's key; names and issuers mean nothing
  std::shared_ptr<const WebTrust> web{};  // instead: name and issuer count, and we show no key
};

class TlsDial : public std::enable_shared_from_this<TlsDial> {
 public:
  /// not_connected, wrong_server, or what the server's alert says of our key.
  using Done = std::function<void(Result<std::shared_ptr<TlsConnection>>)>;

  TlsDial(std::shared_ptr<IoContext> context, Executor strand, DialTarget target,
          const TlsIdentity& identity);
  /// Calls `done` once, on the strand, unless it is cancelled before. From the strand.
  void start(Done done);
  /// From the strand; harmless when it is over.
  void cancel();

 private:
  void begin_tls(TcpSocket socket);
  void on_tls(error_code error);
  void finish(Result<std::shared_ptr<TlsConnection>> result);

  std::shared_ptr<IoContext> context_;  // first: the others need it to the end
  Executor strand_;
  const DialTarget target_;
  std::weak_ptr<TcpDial> dial_;  // what it waits for holds it, and it holds us
  TlsIdentity identity_;
  Done done_;
  std::shared_ptr<TlsConnection> connection_;
};

/// Why a connection failed: the server's alert where one came, or else words. `otherwise` where
/// there are none.
Refusal refusal_of_connection(const TlsConnection& connection, const std::string& where,
                              const std::string& otherwise);

}  // namespace oberih::socket
