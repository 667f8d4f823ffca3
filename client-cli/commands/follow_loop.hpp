// SPDX-License-Identifier: Apache-2.0
// What commands that follow have in common: they come back by themselves after every loss of the
// connection, keep the profile unlocked, and end when the person or the reader of the output does.
#pragma once

#include "client-cli/commands/command_context.hpp"

namespace oberih::client {

class FollowLoop {
 public:
  explicit FollowLoop(CommandContext& context) : context_(context), session_(context.session()) {}
  virtual ~FollowLoop() = default;
  FollowLoop(const FollowLoop&) = delete;
  FollowLoop& operator=(const FollowLoop&) = delete;

  /// A refusal: one that no new connection heals.
  Result<> run();

 protected:
  /// On each new connection, which follows nothing yet: read, show, follow.
  virtual Result<> begin() = 0;
  virtual Result<> take_item(const wire::ItemEvent& event) = 0;
  /// The server ended a subscription: one is no longer on the roster.
  virtual Result<> take_end(const ChannelId& channel) = 0;
  virtual Result<> take_checkpoint(const wire::CheckpointEvent& event);
  /// After each event, and some times a second without any.
  virtual Result<> turn() = 0;

  bool is_over() const { return context_.is_interrupted() || !context_.console().is_writable(); }
  /// Whoever is new in the directory or on a roster may have a name that one sees now. `records`
  /// changes with every record of a channel that is followed.
  Result<> learn_names(std::uint64_t records);

  CommandContext& context_;
  ClientSession& session_;

 private:
  using SteadyClock = std::chrono::steady_clock;
  Result<> follow_until_lost();
  Result<> take(const Event& event);
  void keep_unlocked();

  std::pair<std::uint64_t, std::uint64_t> names_known_at_;
  SteadyClock::time_point touch_at_{};
};

/// Runs it with a session that connects for ever; Ctrl-C while it connects is no refusal.
Result<> follow_or_interrupted(CommandContext& context, const std::function<Result<>()>& follow);

}  // namespace oberih::client
