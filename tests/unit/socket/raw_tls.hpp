// SPDX-License-Identifier: Apache-2.0
// Clients that misbehave: plain TCP sockets and OpenSSL with any settings, blocking, with
// time-outs.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <memory>
#include <string>

#include "tests/unit/socket/socket_fixture.hpp"

namespace oberih::socket {

class RawSocket {
 public:
  explicit RawSocket(std::uint16_t port) : RawSocket() { connect(port); }
  /// Has its descriptor, but no connection yet.
  RawSocket() : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval bound{std::chrono::seconds(patience).count(), 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &bound, sizeof bound);
    ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &bound, sizeof bound);
    // A kernel may take 32 MiB for a client that reads nothing, and hide that it is slow.
    const int window = 64 * 1024;
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &window, sizeof window);
  }
  void connect(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    is_connected_ =
        ::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~RawSocket() { ::close(descriptor_); }
  RawSocket(const RawSocket&) = delete;
  RawSocket& operator=(const RawSocket&) = delete;

  bool is_connected() const { return is_connected_; }
  int descriptor() const { return descriptor_; }
  bool send(std::string_view bytes) const {
    return ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
  }
  /// Whether the other side ends the connection while we wait.
  bool is_cut() const {
    std::array<char, 4096> bin;
    for (;;) {
      const auto got = ::recv(descriptor_, bin.data(), bin.size(), 0);
      if (got == 0) return true;
      if (got < 0) return errno == ECONNRESET || errno == EPIPE;
    }
  }

 private:
  int descriptor_;
  bool is_connected_ = false;
};

class RawTls {
 public:
  /// `device` may be null: no certificate.
  RawTls(std::uint16_t port, const Device* device, int version = TLS1_3_VERSION,
         SSL_SESSION* session = nullptr)
      : socket_(port), context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free) {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL's own socket writes, which only this class uses
    SSL_CTX_set_min_proto_version(context_.get(), version);
    SSL_CTX_set_max_proto_version(context_.get(), version);
    SSL_CTX_set_security_level(context_.get(), 0);
    SSL_CTX_set_session_cache_mode(context_.get(), SSL_SESS_CACHE_CLIENT);
    if (device != nullptr) use(*device);
    ssl_.reset(SSL_new(context_.get()), SSL_free);
    if (session != nullptr) SSL_set_session(ssl_.get(), session);
    SSL_set_fd(ssl_.get(), socket_.descriptor());
    is_connected_ = SSL_connect(ssl_.get()) == 1;
    if (!is_connected_) error_ = ERR_reason_error_string(ERR_peek_last_error());
  }

  bool is_connected() const { return is_connected_; }
  SSL* ssl() const { return ssl_.get(); }
  std::string error() const { return error_ != nullptr ? error_ : ""; }

  bool send(std::string_view bytes) {
    std::size_t sent = 0;
    return SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent) == 1;
  }
  void hang_up() const { ::shutdown(socket_.descriptor(), SHUT_WR); }
  std::string receive() {
    std::array<char, 16 * 1024> space;
    std::size_t got = 0;
    ERR_clear_error();
    if (SSL_read_ex(ssl_.get(), space.data(), space.size(), &got) == 1)
      return std::string(space.data(), got);
    error_ = ERR_reason_error_string(ERR_peek_last_error());
    return {};
  }
  std::string receive_all() {
    std::string all;
    for (std::string part = receive(); !part.empty(); part = receive()) all += part;
    return all;
  }

  /// A WebSocket by hand; the answer's header.
  std::string upgrade(std::string_view subprotocol = "oberih.v1") {
    std::string request =
        "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";
    if (!subprotocol.empty())
      request += "Sec-WebSocket-Protocol: " + std::string(subprotocol) + "\r\n";
    send(request + "\r\n");
    std::string answer;
    while (answer.find("\r\n\r\n") == std::string::npos) {
      const std::string part = receive();
      if (part.empty()) break;
      answer += part;
    }
    return answer;
  }

  /// RFC 6455 5.2, masked with zeros; `first_byte` is FIN and opcode.
  static std::string frame(unsigned char first_byte, std::string_view payload) {
    std::string bytes(1, static_cast<char>(first_byte));
    if (payload.size() < 126) {
      bytes += static_cast<char>(0x80 | payload.size());
    } else if (payload.size() < 65'536) {
      bytes += static_cast<char>(0x80 | 126);
      for (int shift = 8; shift >= 0; shift -= 8)
        bytes += static_cast<char>(payload.size() >> shift);
    } else {
      bytes += static_cast<char>(0x80 | 127);
      for (int shift = 56; shift >= 0; shift -= 8)
        bytes += static_cast<char>(payload.size() >> shift);
    }
    return bytes.append(4, '\0').append(payload);
  }

  /// The code of the close frame that comes next, 0 when none comes.
  unsigned close_code() {
    for (;;) {
      const std::string bytes = receive();
      if (bytes.empty()) return 0;
      const auto at = bytes.rfind('\x88');
      if (at == std::string::npos || bytes.size() < at + 4) continue;
      return static_cast<unsigned char>(bytes[at + 2]) * 256U +
             static_cast<unsigned char>(bytes[at + 3]);
    }
  }

 private:
  void use(const Device& device) {
    const auto pem = as_text(device.identity.private_key_pem.view());
    BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    EVP_PKEY* key = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
    BIO_free(bio);
    const std::string& text = device.identity.certificate_pem;
    bio = BIO_new_mem_buf(text.data(), static_cast<int>(text.size()));
    X509* certificate = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
    BIO_free(bio);
    SSL_CTX_use_certificate(context_.get(), certificate);
    SSL_CTX_use_PrivateKey(context_.get(), key);
    X509_free(certificate);
    EVP_PKEY_free(key);
  }

  RawSocket socket_;
  std::shared_ptr<SSL_CTX> context_;
  std::shared_ptr<SSL> ssl_;
  bool is_connected_ = false;
  const char* error_ = nullptr;
};

}  // namespace oberih::socket
