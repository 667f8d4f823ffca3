// SPDX-License-Identifier: Apache-2.0
// The writing half of TlsConnection: straight into the kernel where it takes the bytes, else kept
// in order until it does.
#include <openssl/err.h>

#include <array>

#include "protocol/socket/tls_connection.hpp"

namespace oberih::socket {

namespace {

constexpr std::size_t record_bytes = 16 * 1024;  // RFC 8446 5.1

}  // namespace

void TlsConnection::write_some(std::span<const asio::const_buffer> data, IoOperationPointer done) {
  // A frame's header and payload go as one record and one system call.
  static thread_local std::array<std::uint8_t, record_bytes> record;
  const std::size_t size = asio::buffer_copy(asio::buffer(record), data);
  std::size_t sent = 0;
  if (const auto outcome = write_at_once(ByteView(record.data(), size), sent))
    return complete_later(std::move(done), *outcome, sent);
  write_later(ByteView(record.data(), size), sent, std::move(done));
}

std::optional<error_code> TlsConnection::write_at_once(ByteView data, std::size_t& sent) {
  if (!waiting_writes_.empty()) return std::nullopt;
  return write_on(data, sent);
}

/// Nothing: the kernel takes no more now.
std::optional<error_code> TlsConnection::write_on(ByteView data, std::size_t& sent) {
  while (sent < data.size()) {
    if (error_) return error_;
    if (!socket_.is_open()) return error_code(asio::error::operation_aborted);
    ERR_clear_error();
    bio_state_.last_error = 0;
    std::size_t bytes = 0;
    const int result = SSL_write_ex(ssl_.get(), data.data() + sent, data.size() - sent, &bytes);
    const Step step = result == 1 ? Step::done : step_of(result);
    if (step == Step::failed) return error_;
    // TLS 1.3 never reads in order to write.
    if (step != Step::done) return std::nullopt;
    sent += bytes;
  }
  return error_code();
}

void TlsConnection::write_later(ByteView data, std::size_t sent, IoOperationPointer done) {
  waiting_writes_.push_back({Bytes(data.begin(), data.end()), sent, std::move(done)});
  wait_to_write();
}

/// When the loop ends, waiting handlers are destroyed without being called: then what they would
/// have written goes too, and with it whoever waits for it.
class TlsConnection::WriteWait {
 public:
  explicit WriteWait(std::shared_ptr<TlsConnection> owner) : owner_(std::move(owner)) {}
  WriteWait(WriteWait&&) noexcept = default;
  WriteWait& operator=(WriteWait&&) = delete;
  ~WriteWait() {
    if (owner_) const auto dropped = std::exchange(owner_->waiting_writes_, {});
  }
  std::shared_ptr<TlsConnection> release() { return std::exchange(owner_, nullptr); }

 private:
  std::shared_ptr<TlsConnection> owner_;
};

void TlsConnection::wait_to_write() {
  if (std::exchange(is_waiting_to_write_, true)) return;
  socket_.async_wait(TcpSocket::wait_write,
                     [wait = WriteWait(shared_from_this())](error_code error) mutable {
                       const auto self = wait.release();
                       self->is_waiting_to_write_ = false;
                       self->continue_writing(error);
                     });
}

void TlsConnection::continue_writing(error_code waited) {
  while (!waiting_writes_.empty() && !is_waiting_to_write_) {
    WaitingWrite& first = waiting_writes_.front();
    std::optional<error_code> outcome = waited;
    if (!waited) outcome = write_on(first.bytes, first.sent);
    if (!outcome) return wait_to_write();
    const WaitingWrite over = std::move(first);
    waiting_writes_.erase(waiting_writes_.begin());
    over.done->complete(*outcome, over.sent);
  }
}

}  // namespace oberih::socket
