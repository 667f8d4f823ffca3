// SPDX-License-Identifier: Apache-2.0
// One channel as a command follows it: its verified items in order, how far they were shown, and
// what the others are told of that. What a line looks like is the command's.
#pragma once

#include "client-cli/commands/message_view.hpp"
#include "client-cli/commands/shown_items.hpp"
#include "client-cli/verification/care_watch.hpp"

namespace oberih::client {

class ChannelFeed {
 public:
  struct Options {
    std::uint64_t shown_seq = 0;
    bool count_as_opened = false;
    CareWatch::Span care = CareWatch::Span::channel;
  };
  ChannelFeed(CommandContext& context, VerifiedChannel channel, const Options& options);
  ChannelFeed(const ChannelFeed&) = delete;
  ChannelFeed& operator=(const ChannelFeed&) = delete;

  VerifiedChannel& channel() { return channel_; }
  MessageView& view() { return view_; }

  /// The oldest item that was not shown; null where all were.
  const HistoryItem* next();
  /// next() was shown.
  void pass();
  /// After some were shown: remembers how far, also for receipts.
  void note_shown();

  /// True: something was done for the channel, and read. Refusals are passing ones.
  Result<bool> look_after() { return care_.look(channel_); }
  /// Behind what was shown, never before it; what is refused is told later.
  void tell_receipts();

 private:
  using SteadyClock = std::chrono::steady_clock;

  CommandContext& context_;
  VerifiedChannel channel_;
  ChannelHistory history_;
  MessageView view_;
  CareWatch care_;
  std::uint64_t shown_seq_;
  bool count_as_opened_;
  std::optional<HistoryItem> next_;
  std::optional<ShownItems> shown_;  // since the last note_shown()
  SteadyClock::time_point tell_at_{};
};

}  // namespace oberih::client
