// SPDX-License-Identifier: Apache-2.0
// How the items of a channel look: a line each for people, an object each for programs.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <set>

#include "client-cli/commands/command_context.hpp"
#include "client-cli/verification/channel_history.hpp"

namespace oberih::client {

enum class Shown { messages, everything };  // everything: also who came and went

class MessageView {
 public:
  MessageView(CommandContext& context, const ChannelId& channel)
      : context_(context), channel_(channel) {}

  static bool is_shown(const HistoryItem& item, Shown shown);
  void print(const HistoryItem& item);
  /// The line of print() without its time, and the object of print().
  std::string line_of(const HistoryItem& item);
  nlohmann::ordered_json object_of(const HistoryItem& item);

 private:
  std::string describe(const HistoryItem& item) const;
  /// Handling code, urgency, what it asks of the reader.
  std::string tags_of(const HistoryItem& item);
  bool wants_acknowledgement(const HistoryItem& item);
  void learn_own_acknowledgements();
  std::string describe_attachments(const HistoryItem& item) const;
  std::string names_of(const std::vector<DeviceId>& devices) const;

  CommandContext& context_;
  ChannelId channel_;
  std::optional<std::set<std::uint64_t>> acknowledged_;  // by this person; found when first needed
};

}  // namespace oberih::client
