// SPDX-License-Identifier: Apache-2.0
// One connection with every byte in hand: TCP, and TLS between memory and the socket, so that what
// goes over the wire can be held back, damaged or sent twice. Blocking, with one bound for waiting.
#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/socket/tls_websocket.hpp"

namespace oberih::garbage {

using Clock = std::chrono::steady_clock;

class Line {
 public:
  /// `patience`: how long sending may stand still.
  Line(std::uint16_t port, std::chrono::milliseconds patience);
  ~Line();
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  /// As it is, below TLS. False when the other side has ended or does not take it.
  bool send_raw(std::string_view bytes);

  /// From here on there is TLS. `identity` may be null: no certificate.
  void begin_tls(const socket::TlsIdentity* identity, int version = TLS1_3_VERSION);
  /// Of another key than the certificate's: `identity` with its certificate's public half and the
  /// private half of `key`.
  void begin_tls_with_borrowed_certificate(const socket::TlsIdentity& identity,
                                           const socket::TlsIdentity& key);
  /// What TLS wants to say now; the caller sends it, or something else.
  std::string next_flight();
  /// The same after taking in what came within `time`.
  std::string take_next_flight(std::chrono::milliseconds time);
  /// The whole handshake. False when it failed or the other side ended.
  bool shake_hands();
  /// The records that carry `plain`, not yet sent.
  std::string seal(std::string_view plain);
  bool send(std::string_view plain) { return send_raw(seal(plain)); }
  SSL* tls() const { return tls_.get(); }

  /// What came, decrypted where there is TLS; empty when nothing came in time or all is over.
  std::string receive(std::chrono::milliseconds wait);
  /// Waits for the end without taking anything in.
  void be_deaf(std::chrono::milliseconds wait) const;
  bool has_ended() const { return has_ended_; }
  /// RFC 8446 6: the last alert that came, other than close_notify.
  std::optional<int> alert() const { return alert_; }

  /// No more from this side; the other side can still speak.
  void hang_up() const;
  /// Over, with a reset.
  void cut();

 private:
  struct Free {
    void operator()(SSL* tls) const { SSL_free(tls); }
  };
  void begin(int version);
  bool wait(short events, std::chrono::milliseconds time) const;
  bool take_in();
  void feed_tls();
  std::string flush();
  std::string decrypt();
  void look_for_plain_alert();

  int descriptor_ = -1;
  std::chrono::milliseconds patience_;
  std::unique_ptr<SSL, Free> tls_;
  std::string raw_;  // came, not yet looked at
  bool has_ended_ = false;
  std::optional<int> alert_;
};

}  // namespace oberih::garbage
