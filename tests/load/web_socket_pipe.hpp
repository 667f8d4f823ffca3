// SPDX-License-Identifier: Apache-2.0
// A WebSocket over TLS 1.3 at the least cost a generator can have: OpenSSL on a non-blocking
// socket, frames handed on where they were decrypted. It takes any server certificate: the server
// is on the same machine.
#pragma once

#include <netinet/in.h>
#include <openssl/ssl.h>

#include <functional>
#include <memory>

#include "protocol/crypto/certificate.hpp"
#include "tests/load/event_loop.hpp"
#include "tests/load/web_socket_frame.hpp"

namespace oberih::load {

struct OpensslFree {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};
template <class T>
using OpensslPointer = std::unique_ptr<T, OpensslFree>;

class WebSocketPipe final : EventLoop::Source {
 public:
  class Owner {
   public:
    virtual void on_open() = 0;
    virtual void on_text(std::string_view text) = 0;
    /// Last. `close_code`: the server's, 0 where it closed without one. Not before the loop's next
    /// turn may the pipe be opened again.
    virtual void on_end(std::uint16_t close_code, const std::string& why) = 0;

   protected:
    ~Owner() = default;
  };

  /// How far it goes by itself before on_open().
  enum class Depth { tcp, tls, web_socket };
  struct Manner {
    Depth depth = Depth::web_socket;
    in_addr_t source = INADDR_LOOPBACK;  // its own address, in the machine's order
  };

  /// An identity without a key: no certificate is shown.
  WebSocketPipe(EventLoop& loop, Owner& owner, const crypto::TlsKeyAndCertificate& identity,
                Manner manner = {Depth::web_socket, INADDR_LOOPBACK});
  ~WebSocketPipe() { close(); }
  WebSocketPipe(const WebSocketPipe&) = delete;
  WebSocketPipe& operator=(const WebSocketPipe&) = delete;

  /// Connects to this machine. Again after an end, or after close().
  void open(std::uint16_t port);
  /// A whole masked frame; where it goes less deep, the bytes of what it has.
  void send(std::string_view frame);
  /// Cuts, without a word and without on_end.
  void close();
  bool is_open() const { return step_ == Step::open; }
  bool is_closed() const { return step_ == Step::closed; }
  /// Whether the socket has taken all that was sent.
  bool takes_more() const { return step_ == Step::open && out_.empty(); }
  /// Hears nothing any more, not even its end.
  void deafen() { loop_.remove(descriptor_); }

 private:
  enum class Step { closed, tcp, tls, upgrade, open };

  void on_ready() override;
  void be_connected();
  void begin_tls();
  void shake_hands();
  void be_open();
  void send_plain(std::string_view bytes);
  void read_some();
  void take(std::string_view bytes);
  std::size_t take_frames(std::string_view bytes);
  void take_upgrade();
  void flush();
  void wait_for(EventLoop::Interest interest);
  void end(const std::string& why, std::uint16_t close_code = 0);
  void take_close(std::string_view payload);
  /// Whether OpenSSL merely waits for the socket; otherwise it is the end.
  bool goes_on(int result, const char* what);

  EventLoop& loop_;
  Owner& owner_;
  const Manner manner_;
  OpensslPointer<EVP_PKEY> key_;
  OpensslPointer<X509> certificate_;
  OpensslPointer<SSL> ssl_;
  int descriptor_ = -1;
  Step step_ = Step::closed;
  EventLoop::Interest interest_ = EventLoop::Interest::read_and_write;
  std::string in_;   // the beginning of a frame whose rest has not come
  std::string out_;  // what the socket did not take yet
};

}  // namespace oberih::load
