// SPDX-License-Identifier: Apache-2.0
// What an HTTP request goes over, and where a connection rests between two of them. Internal to
// protocol/socket.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "protocol/socket/http_call.hpp"
#include "protocol/socket/tls_dial.hpp"

namespace oberih::socket {

/// Between two requests alone it holds a connection, and then nothing is under way on it.
struct HttpsLine::Kept {
  std::shared_ptr<TlsConnection> take() {
    std::lock_guard lock(mutex);
    return std::exchange(connection, nullptr);
  }
  /// False: the line is gone.
  bool put(std::shared_ptr<TlsConnection> given) {
    std::lock_guard lock(mutex);
    if (!is_over) connection = std::move(given);
    return !is_over;
  }
  /// What comes back later is closed by whoever brings it.
  std::shared_ptr<TlsConnection> end() {
    std::lock_guard lock(mutex);
    is_over = true;
    return std::exchange(connection, nullptr);
  }

  std::mutex mutex;
  std::shared_ptr<TlsConnection> connection;
  bool is_over = false;
};

/// Bytes both ways, whatever lies under them.
class HttpStream {
 public:
  virtual ~HttpStream() = default;
  virtual void write_some(asio::const_buffer bytes, IoOperationPointer done) = 0;
  virtual void read_some(asio::mutable_buffer space, IoOperationPointer done) = 0;
  virtual void close() = 0;
  /// True: it rests on the line, for the next request.
  virtual bool rest_on(HttpsLine::Kept&) { return false; }
  /// Why it ended before the answer did.
  virtual Refusal refusal(const std::string& where) = 0;
};

class PlainHttpStream final : public HttpStream {
 public:
  explicit PlainHttpStream(TcpSocket socket) : socket_(std::move(socket)) {}
  void write_some(asio::const_buffer bytes, IoOperationPointer done) override {
    socket_.async_write_some(bytes,
                             [done = std::move(done)](error_code error, std::size_t sent) mutable {
                               done->complete(error, sent);
                             });
  }
  void read_some(asio::mutable_buffer space, IoOperationPointer done) override {
    socket_.async_read_some(space,
                            [done = std::move(done)](error_code error, std::size_t got) mutable {
                              done->complete(error, got);
                            });
  }
  void close() override {
    error_code ignored;
    socket_.close(ignored);
  }
  Refusal refusal(const std::string& where) override {
    return refuse(RefusalCode::not_connected, where + " ended in the middle of its answer.");
  }

 private:
  TcpSocket socket_;
};

class TlsHttpStream final : public HttpStream {
 public:
  TlsHttpStream(std::shared_ptr<TlsConnection> connection, bool is_ours)
      : connection_(std::move(connection)), is_ours_(is_ours) {}
  void write_some(asio::const_buffer bytes, IoOperationPointer done) override {
    connection_->write_some({&bytes, 1}, std::move(done));
  }
  void read_some(asio::mutable_buffer space, IoOperationPointer done) override {
    connection_->read_some(space, std::move(done));
  }
  void close() override { connection_->close(); }
  bool rest_on(HttpsLine::Kept& line) override { return line.put(connection_); }
  Refusal refusal(const std::string& where) override {
    if (!is_ours_)
      return refuse(RefusalCode::not_connected,
                    where + " ended in the middle of its answer: " + connection_->failure() + ".");
    connection_->look_for_alert();
    return refusal_of_connection(*connection_, where, "no whole answer to the request");
  }

 private:
  std::shared_ptr<TlsConnection> connection_;
  const bool is_ours_;  // its alerts speak of our key
};

}  // namespace oberih::socket
