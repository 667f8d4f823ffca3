// SPDX-License-Identifier: Apache-2.0
// What a server sends unasked: JSON-RPC notifications, always in an array (a batch frame), so that
// one frame carries all that a commit batch brought to a channel.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"
#include "protocol/wire/replies.hpp"

namespace oberih::wire {

struct ItemEvent {
  static constexpr std::string_view method = "channel.item";
  ChannelId channel;
  ChannelItem item;
  std::uint64_t directory_count = 0;  // a client whose directory is shorter reads it first
};

struct UnfollowedEvent {  // the server ended a subscription: the caller left the roster
  static constexpr std::string_view method = "channel.unfollowed";
  ChannelId channel;
};

struct CheckpointEvent {  // at most once a second, to connections that follow something
  static constexpr std::string_view method = "journal.checkpoint";
  std::string checkpoint;  // signed note
};

/// Encoded notifications, to be joined by join_events().
std::string encode_event(const ItemEvent& event);
std::string encode_event(const UnfollowedEvent& event);
std::string encode_event(const CheckpointEvent& event);
Result<void> parse_event(const nlohmann::json& params, ItemEvent& event);
Result<void> parse_event(const nlohmann::json& params, UnfollowedEvent& event);
Result<void> parse_event(const nlohmann::json& params, CheckpointEvent& event);

}  // namespace oberih::wire
