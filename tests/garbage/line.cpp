// SPDX-License-Identifier: Apache-2.0
#include "tests/garbage/line.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>

#include "tests/garbage/credentials.hpp"

namespace oberih::garbage {
namespace {

constexpr std::size_t most_unread_bytes = 4 << 20;

SSL_CTX& context() {
  static const std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> made = [] {
    std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> fresh(SSL_CTX_new(TLS_client_method()),
                                                       SSL_CTX_free);
    SSL_CTX_set_verify(fresh.get(), SSL_VERIFY_NONE, nullptr);
    return fresh;
  }();
  return *made;
}

}  // namespace

Line::Line(std::uint16_t port, std::chrono::milliseconds patience) : patience_(patience) {
  descriptor_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor_ < 0) throw std::runtime_error("no socket: are there enough open files?");
  const int on = 1;
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  // A kernel may take megabytes for a client that reads nothing, and hide that it is slow.
  const int window = 64 * 1024;
  ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &window, sizeof window);
  // Reset at the end: sockets in TIME_WAIT would use up the ports of a long run.
  const linger hard{1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 &&
      errno != EINPROGRESS)
    has_ended_ = true;
}

Line::~Line() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool Line::wait(short events, std::chrono::milliseconds time) const {
  pollfd watched{descriptor_, events, 0};
  return ::poll(&watched, 1, static_cast<int>(time.count())) > 0;
}

bool Line::send_raw(std::string_view bytes) {
  while (!bytes.empty()) {
    if (has_ended_) return false;
    const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    // A reset may have left words to be read: receive() finds the end after them.
    if (errno != EAGAIN && errno != ENOTCONN && errno != EINTR) return false;
    const short events = raw_.size() < most_unread_bytes ? POLLOUT | POLLIN : POLLOUT;
    if (!wait(events, patience_)) return false;
    if (wait(POLLIN, std::chrono::milliseconds(0)) && raw_.size() < most_unread_bytes) take_in();
  }
  return !has_ended_;
}

bool Line::take_in() {
  std::array<char, 16 * 1024> space;
  const ssize_t got = ::recv(descriptor_, space.data(), space.size(), 0);
  if (got > 0) raw_.append(space.data(), static_cast<std::size_t>(got));
  if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) has_ended_ = true;
  return got > 0;
}

void Line::begin(int version) {
  tls_.reset(SSL_new(&context()));
  SSL_set_min_proto_version(tls_.get(), version);
  SSL_set_max_proto_version(tls_.get(), version);
  SSL_set_bio(tls_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_connect_state(tls_.get());
}

void Line::begin_tls(const socket::TlsIdentity* identity, int version) {
  begin(version);
  if (identity == nullptr) return;
  SSL_use_certificate(tls_.get(), certificate_of(*identity).get());
  if (SSL_use_PrivateKey(tls_.get(), key_of(*identity).get()) != 1)
    throw std::runtime_error("key and certificate do not match");
}

void Line::begin_tls_with_borrowed_certificate(const socket::TlsIdentity& identity,
                                               const socket::TlsIdentity& key) {
  begin(TLS1_3_VERSION);
  SSL_use_certificate(tls_.get(), certificate_of(identity).get());
  if (SSL_use_PrivateKey(tls_.get(), mismatched_key(identity, key).get()) != 1)
    throw std::runtime_error("OpenSSL looks through the mismatched key");
}

std::string Line::flush() {
  BIO* out = SSL_get_wbio(tls_.get());
  std::string bytes(BIO_ctrl_pending(out), '\0');
  if (!bytes.empty()) BIO_read(out, bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

std::string Line::next_flight() {
  ERR_clear_error();
  SSL_do_handshake(tls_.get());
  return flush();
}

std::string Line::take_next_flight(std::chrono::milliseconds time) {
  if (raw_.empty() && !has_ended_ && wait(POLLIN, time)) take_in();
  feed_tls();
  return next_flight();
}

void Line::feed_tls() {
  if (!raw_.empty())
    BIO_write(SSL_get_rbio(tls_.get()), raw_.data(), static_cast<int>(raw_.size()));
  raw_.clear();
}

bool Line::shake_hands() {
  for (const auto deadline = Clock::now() + patience_; Clock::now() < deadline;) {
    feed_tls();
    ERR_clear_error();
    const int result = SSL_do_handshake(tls_.get());
    const int error = SSL_get_error(tls_.get(), result);
    if (const int reason = ERR_GET_REASON(ERR_peek_last_error()); reason > SSL_AD_REASON_OFFSET)
      alert_ = reason - SSL_AD_REASON_OFFSET;
    if (!send_raw(flush())) {
      if (has_ended_ || result != 1) return false;
    }
    if (result == 1) return true;
    if (error != SSL_ERROR_WANT_READ || has_ended_) return false;
    if (wait(POLLIN, patience_)) take_in();
  }
  return false;
}

std::string Line::seal(std::string_view plain) {
  ERR_clear_error();
  if (!plain.empty()) SSL_write(tls_.get(), plain.data(), static_cast<int>(plain.size()));
  return flush();
}

std::string Line::receive(std::chrono::milliseconds time) {
  if (raw_.empty() && !has_ended_ && wait(POLLIN, time)) take_in();
  if (raw_.empty()) return {};
  if (tls_ && SSL_is_init_finished(tls_.get())) return decrypt();
  look_for_plain_alert();
  return std::exchange(raw_, {});
}

std::string Line::decrypt() {
  feed_tls();
  std::string plain;
  std::array<char, 16 * 1024> space;
  ERR_clear_error();
  for (;;) {
    const int got = SSL_read(tls_.get(), space.data(), static_cast<int>(space.size()));
    if (got <= 0) break;
    plain.append(space.data(), static_cast<std::size_t>(got));
  }
  if (const int reason = ERR_GET_REASON(ERR_peek_last_error()); reason > SSL_AD_REASON_OFFSET)
    alert_ = reason - SSL_AD_REASON_OFFSET;
  if (const std::string answer = flush(); !answer.empty()) send_raw(answer);
  return plain;
}

/// Before there are keys an alert can be read as it lies among the records.
void Line::look_for_plain_alert() {
  for (std::size_t at = 0; at + 7 <= raw_.size();) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(raw_[at + i]); };
    const std::size_t length = std::size_t{byte(3)} << 8 | byte(4);
    if (byte(0) == SSL3_RT_ALERT && length == 2 && byte(6) != SSL_AD_CLOSE_NOTIFY) alert_ = byte(6);
    at += 5 + length;
  }
}

void Line::be_deaf(std::chrono::milliseconds time) const { wait(0, time); }

void Line::hang_up() const { ::shutdown(descriptor_, SHUT_WR); }

void Line::cut() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
  has_ended_ = true;
}

}  // namespace oberih::garbage
