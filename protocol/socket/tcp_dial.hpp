// SPDX-License-Identifier: Apache-2.0
// The way to a server: its name, then its addresses one after the other. How long all may take is
// its owner's. Internal to protocol/socket.
#pragma once

#include <functional>
#include <vector>

#include "protocol/socket/event_loop_implementation.hpp"

namespace oberih::socket {

class TcpDial : public std::enable_shared_from_this<TcpDial> {
 public:
  /// A connected socket; or not_connected.
  using Done = std::function<void(Result<TcpSocket>)>;

  TcpDial(std::shared_ptr<IoContext> context, Executor strand, std::string host,
          std::uint16_t port);
  /// Calls `done` once, on the strand, unless it is cancelled before. From the strand.
  void start(Done done);
  /// From the strand; harmless when it is over.
  void cancel();

 private:
  using Tcp = asio::ip::tcp;

  void connect(std::vector<Tcp::endpoint> endpoints);
  void try_next(error_code last_error);
  void finish(Result<TcpSocket> result);

  std::shared_ptr<IoContext> context_;  // first: the others need it to the end
  Tcp::resolver resolver_;
  TcpSocket socket_;
  const std::string host_;
  const std::uint16_t port_;
  Done done_;
  std::vector<Tcp::endpoint> endpoints_;
  std::size_t next_ = 0;
};

/// "host, port 443,": the beginning of a sentence.
std::string name_of_target(const std::string& host, std::uint16_t port);

}  // namespace oberih::socket
