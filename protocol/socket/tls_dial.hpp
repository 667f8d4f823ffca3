// SPDX-License-Identifier: Apache-2.0
// The way to a server: its name, its addresses one after the other, the TLS handshake. What is said
// over the connection, and how long all may take, is its owner's. Internal to protocol/socket.
#pragma once

#include "protocol/socket/tls_connection.hpp"

namespace oberih::socket {

struct DialTarget {
  std::string host;
  std::uint16_t port = 0;
  TlsConnection::Verify verify;  // of the server's key; names and issuers mean nothing
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
  using Tcp = asio::ip::tcp;

  void connect(std::vector<Tcp::endpoint> endpoints);
  void try_next(error_code last_error);
  void begin_tls();
  void on_tls(error_code error);
  void finish(Result<std::shared_ptr<TlsConnection>> result);

  std::shared_ptr<IoContext> context_;  // first: the others need it to the end
  Executor strand_;
  Tcp::resolver resolver_;
  TcpSocket socket_;
  const DialTarget target_;
  TlsIdentity identity_;
  Done done_;
  std::vector<Tcp::endpoint> endpoints_;
  std::size_t next_ = 0;
  std::shared_ptr<TlsConnection> connection_;
};

/// "host, port 443,": the beginning of a sentence.
std::string name_of_target(const std::string& host, std::uint16_t port);
/// Why a connection failed: the server's alert where one came, or else words. `otherwise` where
/// there are none.
Refusal refusal_of_connection(const TlsConnection& connection, const std::string& where,
                              const std::string& otherwise);

}  // namespace oberih::socket
