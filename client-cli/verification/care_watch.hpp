// SPDX-License-Identifier: Apache-2.0
// When a client that follows a channel takes care of its channels: soon after something is needed,
// but not at once, so that of all who follow few try. Whoever comes too late finds nothing to do.
#pragma once

#include "client-cli/verification/channel_care.hpp"

namespace oberih::client {

class CareWatch {
 public:
  /// others: those of the profile that are not followed are looked after, too.
  enum class Span { channel, channel_and_others };
  explicit CareWatch(ClientSession& session, Span span = Span::channel_and_others)
      : session_(session), care_(session), span_(span) {}

  /// Cheap where nothing is new; call it often. True: something was done, and read. A refusal is
  /// one that a new connection may heal; whatever else cannot be done now is tried again later.
  Result<bool> look(VerifiedChannel& channel);

 private:
  using SteadyClock = std::chrono::steady_clock;
  bool is_something_new(const VerifiedChannel& channel);
  std::chrono::milliseconds delay(VerifiedChannel& channel) const;
  Result<bool> act(VerifiedChannel& channel);

  ClientSession& session_;
  ChannelCare care_;
  Span span_;
  std::uint64_t directory_count_ = 0;  // that was looked at
  std::uint64_t newest_seq_ = 0;
  bool others_wait_ = false;  // the directory has changed: all channels may need something
  SteadyClock::time_point look_at_{};
  SteadyClock::time_point idle_look_at_{};
  std::optional<SteadyClock::time_point> act_at_;
};

}  // namespace oberih::client
