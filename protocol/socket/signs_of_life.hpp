// SPDX-License-Identifier: Apache-2.0
// When a peer was last heard, when to ping it and when to give it up. Only whole frames count, and
// a message must be whole within the idle time of its beginning: one that trickles in does not
// keep a connection open. Internal to protocol/socket.
#pragma once

#include <chrono>

namespace oberih::socket {

class SignsOfLife {
 public:
  using Clock = std::chrono::steady_clock;

  explicit SignsOfLife(std::chrono::milliseconds idle) : idle_(idle) {}

  void begin(Clock::time_point now) { last_sign_ = now; }
  void hear_control_frame(Clock::time_point now) {
    if (!is_mid_message_) last_sign_ = now;
  }
  void hear_part_of_message(Clock::time_point now, bool is_last) {
    if (!is_mid_message_ || is_last) last_sign_ = now;
    is_mid_message_ = !is_last;
  }
  void note_ping(Clock::time_point now) { last_ping_ = now; }

  bool is_mid_message() const { return is_mid_message_; }
  bool is_over(Clock::time_point now) const { return now >= last_sign_ + idle_; }
  bool wants_ping(Clock::time_point now) const {
    return !has_pinged() && now >= last_sign_ + idle_ / 2;
  }
  /// When the answers above may change, if nothing is heard until then.
  Clock::time_point next_look() const { return last_sign_ + (has_pinged() ? idle_ : idle_ / 2); }

 private:
  bool has_pinged() const { return last_ping_ >= last_sign_; }

  const std::chrono::milliseconds idle_;
  Clock::time_point last_sign_{};
  Clock::time_point last_ping_ = Clock::time_point::min();
  bool is_mid_message_ = false;
};

}  // namespace oberih::socket
