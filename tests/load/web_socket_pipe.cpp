// SPDX-License-Identifier: Apache-2.0
#include "tests/load/web_socket_pipe.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace oberih::load {
namespace {

SSL_CTX& client_context() {
  static const OpensslPointer<SSL_CTX> context = [] {
    OpensslPointer<SSL_CTX> made(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_min_proto_version(made.get(), TLS1_3_VERSION);
    // The product's own choice (protocol/socket/tls_context.cpp).
    if (SSL_CTX_set1_groups_list(made.get(), "X25519MLKEM768:X25519:P-256") != 1)
      SSL_CTX_set1_groups_list(made.get(), "X25519:P-256");
    SSL_CTX_set_verify(made.get(), SSL_VERIFY_NONE, nullptr);
    SSL_CTX_set_mode(made.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                     SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(made.get(), 1);
    ERR_clear_error();
    return made;
  }();
  return *context;
}

OpensslPointer<BIO> memory_bio(ByteView bytes) {
  return OpensslPointer<BIO>(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

int connect_to(std::uint16_t port, in_addr_t source) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) throw std::runtime_error("no socket: are there enough open files?");
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  // Reset at the end: thousands of sockets in TIME_WAIT would use up the ports of the next run.
  const linger hard{1, 0};
  ::setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  sockaddr_in own{};
  own.sin_family = AF_INET;
  own.sin_addr.s_addr = htonl(source);
  if (::bind(descriptor, reinterpret_cast<sockaddr*>(&own), sizeof own) != 0) {
    ::close(descriptor);
    throw std::runtime_error(std::string("bind: ") + std::strerror(errno));
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 &&
      errno != EINPROGRESS) {
    ::close(descriptor);
    throw std::runtime_error(std::string("connect: ") + std::strerror(errno));
  }
  return descriptor;
}

constexpr std::string_view upgrade_request =
    "GET / HTTP/1.1\r\nHost: oberih\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Protocol: oberih.v1\r\n\r\n";

}  // namespace

WebSocketPipe::WebSocketPipe(EventLoop& loop, Owner& owner,
                             const crypto::TlsKeyAndCertificate& identity, Manner manner)
    : loop_(loop), owner_(owner), manner_(manner) {
  if (identity.certificate_pem.empty()) return;
  const auto key = memory_bio(identity.private_key_pem.view());
  const auto certificate = memory_bio(as_bytes(identity.certificate_pem));
  key_.reset(PEM_read_bio_PrivateKey(key.get(), nullptr, nullptr, nullptr));
  certificate_.reset(PEM_read_bio_X509(certificate.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  if (!key_ || !certificate_) throw std::runtime_error("a TLS identity cannot be read");
}

void WebSocketPipe::open(std::uint16_t port) {
  close();
  descriptor_ = connect_to(port, manner_.source);
  step_ = Step::tcp;
  interest_ = EventLoop::Interest::read_and_write;
  loop_.add(descriptor_, *this, interest_);
}

void WebSocketPipe::close() {
  step_ = Step::closed;
  in_.clear();
  out_.clear();
  if (descriptor_ < 0) return;
  loop_.remove(descriptor_);
  ssl_.reset();
  ::close(descriptor_);
  descriptor_ = -1;
}

void WebSocketPipe::end(const std::string& why, std::uint16_t close_code) {
  close();
  owner_.on_end(close_code, why);
}

void WebSocketPipe::take_close(std::string_view payload) {
  if (payload.size() < 2) return end("closed by the server");
  const auto code = static_cast<std::uint16_t>(static_cast<unsigned char>(payload[0]) << 8 |
                                               static_cast<unsigned char>(payload[1]));
  end("closed by the server: " + std::string(payload.substr(2)), code);
}

bool WebSocketPipe::goes_on(int result, const char* what) {
  const int error = SSL_get_error(ssl_.get(), result);
  if (error == SSL_ERROR_WANT_READ) return true;
  if (error == SSL_ERROR_WANT_WRITE) {
    wait_for(EventLoop::Interest::read_and_write);
    return true;
  }
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  std::string why = std::string(what) + ": ";
  why += reason != nullptr ? reason : std::strerror(errno);
  ERR_clear_error();
  end(why);
  return false;
}

void WebSocketPipe::wait_for(EventLoop::Interest interest) {
  if (interest == interest_) return;
  interest_ = interest;
  loop_.change(descriptor_, *this, interest);
}

void WebSocketPipe::on_ready() {
  if (step_ == Step::closed) return;
  if (step_ == Step::tcp) return be_connected();
  if (step_ == Step::tls) return shake_hands();
  if (!ssl_) return end("closed by the server");  // which never speaks first
  if (!out_.empty()) flush();
  if (step_ != Step::closed) read_some();
}

void WebSocketPipe::be_connected() {
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) return end(std::string("connect: ") + std::strerror(error));
  wait_for(EventLoop::Interest::read);
  if (manner_.depth == Depth::tcp) return be_open();
  begin_tls();
  shake_hands();
}

void WebSocketPipe::begin_tls() {
  ssl_.reset(SSL_new(&client_context()));
  const bool has_identity = key_ && certificate_;
  if (has_identity && (SSL_use_certificate(ssl_.get(), certificate_.get()) != 1 ||
                       SSL_use_PrivateKey(ssl_.get(), key_.get()) != 1))
    throw std::runtime_error("TLS cannot be set up");
  if (SSL_set_fd(ssl_.get(), descriptor_) != 1) throw std::runtime_error("TLS cannot be set up");
  SSL_set_connect_state(ssl_.get());
  step_ = Step::tls;
}

void WebSocketPipe::be_open() {
  step_ = Step::open;
  owner_.on_open();
}

void WebSocketPipe::shake_hands() {
  const int result = SSL_do_handshake(ssl_.get());
  if (result != 1) {
    goes_on(result, "handshake");
    return;
  }
  if (manner_.depth == Depth::tls) return be_open();
  step_ = Step::upgrade;
  send(upgrade_request);
}

void WebSocketPipe::read_some() {
  auto& scratch = loop_.scratch();
  do {
    std::size_t got = 0;
    const int result = SSL_read_ex(ssl_.get(), scratch.data(), scratch.size(), &got);
    if (result != 1) {
      goes_on(result, "read");
      return;
    }
    take({scratch.data(), got});
    // What the kernel still holds, epoll tells: a read that finds nothing costs a system call.
  } while (step_ != Step::closed && SSL_has_pending(ssl_.get()) == 1);
}

void WebSocketPipe::take(std::string_view bytes) {
  if (step_ == Step::upgrade) {
    in_ += bytes;
    return take_upgrade();
  }
  if (in_.empty()) {
    const std::size_t taken = take_frames(bytes);
    if (step_ != Step::closed) in_.assign(bytes.substr(taken));
    return;
  }
  in_ += bytes;
  const std::size_t taken = take_frames(in_);
  if (step_ == Step::closed) return;
  in_.erase(0, taken);
  if (in_.empty()) std::string().swap(in_);
}

void WebSocketPipe::take_upgrade() {
  const auto header_end = in_.find("\r\n\r\n");
  if (header_end == std::string::npos) return;
  if (!in_.starts_with("HTTP/1.1 101")) return end("upgrade: " + in_.substr(0, in_.find('\r')));
  const std::string rest = in_.substr(header_end + 4);
  in_.clear();
  be_open();
  if (step_ == Step::open && !rest.empty()) take(rest);
}

std::size_t WebSocketPipe::take_frames(std::string_view bytes) {
  std::size_t taken = 0;
  while (step_ != Step::closed) {
    const auto frame = find_frame(bytes.substr(taken));
    if (!frame) break;
    taken += frame->bytes;
    switch (frame->opcode) {
      case Opcode::text:
        owner_.on_text(frame->payload);
        break;
      case Opcode::ping:
        send(masked_frame(Opcode::pong, frame->payload));
        break;
      case Opcode::pong:
        break;
      case Opcode::close:
        take_close(frame->payload);
        break;
    }
  }
  return taken;
}

void WebSocketPipe::send(std::string_view frame) {
  if (step_ == Step::closed) return;
  if (!ssl_) return send_plain(frame);
  if (!out_.empty()) {
    out_ += frame;
    return;
  }
  std::size_t sent = 0;
  while (!frame.empty()) {
    const int result = SSL_write_ex(ssl_.get(), frame.data(), frame.size(), &sent);
    if (result != 1) {
      out_ = frame;
      goes_on(result, "write");
      return;
    }
    frame.remove_prefix(sent);
  }
}

void WebSocketPipe::send_plain(std::string_view bytes) {
  if (::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0 && errno != EAGAIN)
    end(std::string("send: ") + std::strerror(errno));
}

void WebSocketPipe::flush() {
  while (!out_.empty()) {
    std::size_t sent = 0;
    const int result = SSL_write_ex(ssl_.get(), out_.data(), out_.size(), &sent);
    if (result != 1) {
      goes_on(result, "write");
      return;
    }
    out_.erase(0, sent);
  }
  wait_for(EventLoop::Interest::read);
}

}  // namespace oberih::load
