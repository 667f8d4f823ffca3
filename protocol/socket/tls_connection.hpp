// SPDX-License-Identifier: Apache-2.0
// One TLS 1.3 connection straight on its TCP socket, without the two 17 KiB buffers for life that
// asio::ssl::stream keeps. Everything runs on the connection's strand, one read at a time. Internal
// to protocol/socket.
#pragma once

#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "protocol/socket/event_loop_implementation.hpp"
#include "protocol/socket/io_operation.hpp"
#include "protocol/socket/socket_bio.hpp"
#include "protocol/socket/tls_context.hpp"
#include "protocol/socket/tls_listener.hpp"

namespace oberih::socket {

/// How long a closing connection may linger for the peer's answer.
inline constexpr std::chrono::milliseconds linger{2'000};

class TlsConnection : public std::enable_shared_from_this<TlsConnection> {
 public:
  enum class Role { server, client };
  using Verify = std::function<PeerVerdict(const Digest& spki)>;

  static int verify_callback(X509_STORE_CTX* store, void*);
  /// By name, dates and issuers: for contexts of a WebTrust.
  static int verify_web_callback(X509_STORE_CTX* store, void*);

  TlsConnection(std::shared_ptr<IoContext> context, TcpSocket socket, std::string address,
                SSL_CTX& tls, Role role, Verify verify);
  ~TlsConnection();
  TlsConnection(const TlsConnection&) = delete;
  TlsConnection& operator=(const TlsConnection&) = delete;

  void use_identity(const TlsIdentity& identity) { socket::use_identity(*ssl_, identity); }
  /// For a context of a WebTrust: a host's name or address, for which the certificate must be.
  /// Throws std::runtime_error where that cannot be asked for.
  void expect_name(const std::string& host);
  /// What is wrong with the server's certificate, in OpenSSL's words.
  std::string certificate_fault() const;
  /// Keeps `ticket` for as long as the connection exists (admission counts by it).
  void hold(std::shared_ptr<void> ticket) { ticket_ = std::move(ticket); }

  void handshake(IoOperationPointer done);
  void read_some(asio::mutable_buffer space, IoOperationPointer done);
  /// Sends at most one TLS record of what `data` holds.
  void write_some(std::span<const asio::const_buffer> data, IoOperationPointer done);
  /// Sends all of `data`, behind what waits already. Answers at once where the kernel took it or
  /// the connection has failed; otherwise keeps a copy and calls `late(error_code, std::size_t)`.
  template <class Late>
  std::optional<error_code> write_all(ByteView data, Late&& late) {
    std::size_t sent = 0;
    if (const auto outcome = write_at_once(data, sent)) return outcome;
    write_later(data, sent, make_operation(std::forward<Late>(late)));
    return std::nullopt;
  }
  /// Says goodbye (close_notify, FIN), then discards what the peer still sends, at most `linger`:
  /// closing over unread bytes would be a reset, which may overtake our last words.
  void finish(IoOperationPointer done);
  /// Ends everything under way with operation_aborted.
  void close();
  /// The same with a reset: the kernel drops what the peer has not taken.
  void abort();

  /// For the last words of a peer that closed while we wrote: reads until the alert or the end.
  void look_for_alert();

  const Executor& executor() const { return executor_; }
  const std::shared_ptr<IoContext>& context() const { return context_; }
  const Digest& peer_spki() const { return peer_spki_; }
  const std::string& peer_address() const { return address_; }
  /// From now on at most so many bytes may come, headers of frames included.
  void allow(std::size_t bytes) { allowed_bytes_ = bytes; }
  /// What failed, in words; empty while nothing has.
  const std::string& failure() const { return failure_; }
  std::optional<PeerVerdict> verdict() const { return verdict_; }
  /// RFC 8446 6: the fatal alert that the peer sent.
  std::optional<int> received_alert() const { return alert_; }

 private:
  enum class Step { done, want_read, want_write, failed };
  struct Farewell;
  class WriteWait;
  /// What the kernel did not take yet. `done` also for a connection that fails.
  struct WaitingWrite {
    Bytes bytes;
    std::size_t sent = 0;
    IoOperationPointer done;
  };

  Step step_of(int result);
  Step fail(error_code error, std::string words);
  Step try_handshake();
  Step try_read(asio::mutable_buffer space, std::size_t& bytes);
  std::optional<error_code> write_at_once(ByteView data, std::size_t& sent);
  std::optional<error_code> write_on(ByteView data, std::size_t& sent);
  void write_later(ByteView data, std::size_t sent, IoOperationPointer done);
  void wait_to_write();
  void continue_writing(error_code waited);
  template <class Attempt>
  void run(Attempt attempt, IoOperationPointer done, bool is_first);
  void discard(std::shared_ptr<Farewell> farewell);
  void complete_later(IoOperationPointer done, error_code error, std::size_t bytes);
  int judge(X509* certificate, X509_STORE_CTX& store);

  std::shared_ptr<IoContext> context_;  // first: the socket needs it to the end
  Executor executor_;
  TcpSocket socket_;
  std::string address_;
  Verify verify_;
  SocketBioState bio_state_;
  OpensslPointer<SSL> ssl_;
  std::shared_ptr<void> ticket_;
  Digest peer_spki_;
  std::optional<PeerVerdict> verdict_;
  std::optional<int> alert_;
  // In the order of the bytes on the wire. At most two: a message, and one of Beast's own frames.
  std::vector<WaitingWrite> waiting_writes_;
  bool is_waiting_to_write_ = false;
  error_code error_;  // set: SSL must not be touched any more
  std::string failure_;
  std::size_t allowed_bytes_ = std::numeric_limits<std::size_t>::max();
};

}  // namespace oberih::socket
