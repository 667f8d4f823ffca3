// SPDX-License-Identifier: Apache-2.0
// A TlsConnection as Beast wants to see it: an AsyncStream. Internal to protocol/socket.
#pragma once

#include <array>
#include <boost/beast/core/role.hpp>

#include "protocol/socket/tls_connection.hpp"

namespace oberih::socket {

class TlsStream {
 public:
  using executor_type = Executor;

  explicit TlsStream(std::shared_ptr<TlsConnection> connection)
      : connection_(std::move(connection)) {}

  executor_type get_executor() const noexcept { return connection_->executor(); }
  TlsConnection& connection() const { return *connection_; }

  template <class MutableBuffers, class Handler>
  void async_read_some(const MutableBuffers& buffers, Handler&& handler) {
    asio::mutable_buffer space;
    for (auto it = asio::buffer_sequence_begin(buffers);
         it != asio::buffer_sequence_end(buffers) && space.size() == 0; ++it)
      space = asio::mutable_buffer(*it);
    connection_->read_some(space, make_operation(std::forward<Handler>(handler)));
  }

  template <class ConstBuffers, class Handler>
  void async_write_some(const ConstBuffers& buffers, Handler&& handler) {
    std::array<asio::const_buffer, 16> parts;  // what does not fit goes with the next call
    std::size_t count = 0;
    for (auto it = asio::buffer_sequence_begin(buffers);
         it != asio::buffer_sequence_end(buffers) && count < parts.size(); ++it)
      if (const asio::const_buffer part(*it); part.size() != 0) parts[count++] = part;
    connection_->write_some(std::span(parts.data(), count),
                            make_operation(std::forward<Handler>(handler)));
  }

 private:
  std::shared_ptr<TlsConnection> connection_;
};

/// Beast ends a WebSocket with this.
template <class Handler>
void async_teardown(boost::beast::role_type, TlsStream& stream, Handler&& handler) {
  stream.connection().finish(
      make_operation([handler = std::forward<Handler>(handler)](
                         error_code error, std::size_t) mutable { handler(error); }));
}

inline void beast_close_socket(TlsStream& stream) { stream.connection().close(); }

}  // namespace oberih::socket
