// SPDX-License-Identifier: Apache-2.0
// One WebSocket over TLS 1.3, server's or client's end: the same compiled class for the server, the
// client and the load tool. Plain interface outward; Beast and Asio stay inside. It knows frames
// and keys, not what they mean.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "protocol/base/ids.hpp"
#include "protocol/base/limits.hpp"
#include "protocol/base/result.hpp"
#include "protocol/base/secret.hpp"
#include "protocol/socket/event_loop.hpp"

namespace oberih::socket {

/// RFC 6455 7.4.1; 4000 and above are ours, and docs/protocol.md lists them.
enum class CloseCode : std::uint16_t {
  normal = 1000,
  going_away = 1001,  // the server stops
  protocol_error = 1002,
  unsupported_data = 1003,  // a binary message: every frame of ours is text
  policy_violation = 1008,
  frame_too_large = 1009,
  slow_consumer = 4001,  // the outbox was full: come back and resume from your last sequence
  idle = 4002,           // no frame and no answer to pings
  device_revoked = 4003,
  hello_timeout = 4004,
  too_many_requests = 4005,
};

/// Why a connection ended, for the log and for the person.
struct CloseReason {
  std::uint16_t code = 0;  // 0: no close frame came (cut, reset, TLS alert)
  std::string text;        // UTF-8, at most 123 bytes; for a failed handshake what failed
};

/// A private key and its self-signed certificate, both PEM. Names in certificates mean nothing.
struct TlsIdentity {
  SecretBuffer private_key_pem;
  std::string certificate_pem;
};

struct Timeouts {
  std::chrono::milliseconds handshake{10'000};
  std::chrono::milliseconds idle{60'000};  // with keep-alive pings at half of it
};

class TlsWebSocket : public std::enable_shared_from_this<TlsWebSocket> {
 public:
  struct Handlers {
    /// One whole text message. Called one at a time, in order; the next is read when this returns.
    std::function<void(std::string_view frame)> on_frame;
    /// Exactly once, last. No other handler runs after it.
    std::function<void(const CloseReason&)> on_close;
    /// A piece of a message came that is not whole yet, or a control frame: nothing to answer, but
    /// work. May be empty; may close, and may rest.
    std::function<void()> on_fragment = {};
    std::function<void()> on_control = {};
  };

  virtual ~TlsWebSocket() = default;
  /// Begins reading. Handlers run on this connection's strand; they may keep the socket alive.
  virtual void start(Handlers handlers) = 0;
  /// Sends one text message; `done(true)` when it was handed to the kernel, `done(false)` when the
  /// connection ended before. Callable from any thread without a lock held: `done` may be called
  /// inside. One at a time: the next call only after `done` (see transport/outbox).
  virtual void send(std::shared_ptr<const std::string> frame, std::function<void(bool)> done) = 0;
  /// From a handler only: what comes next is read after `pause`. Meanwhile the kernel holds it, and
  /// then the peer has to.
  virtual void rest(std::chrono::milliseconds pause) = 0;
  /// Closes politely with a code and a reason; after 2 s without an answer, hard. Callable from any
  /// thread, more than once.
  virtual void close(CloseCode code, std::string_view reason) = 0;
  /// Runs `work` on this connection's strand.
  virtual void post(std::function<void()> work) = 0;
  /// SHA-256 of the peer's SubjectPublicKeyInfo, as verified in the handshake.
  virtual Digest peer_spki() const = 0;
  /// Address without port, for limits and diagnostics.
  virtual std::string peer_address() const = 0;
};

}  // namespace oberih::socket
