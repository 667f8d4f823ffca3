// SPDX-License-Identifier: Apache-2.0
// What a command has shown of a channel, for the receipt "opened". A program that reads with --json
// is no person: it counts only where whoever called it says so (--count-as-opened).
#pragma once

#include "client-cli/commands/command_context.hpp"
#include "client-cli/verification/receipt_sender.hpp"

namespace oberih::client {

class ShownItems {
 public:
  ShownItems(CommandContext& context, VerifiedChannel& channel, std::uint64_t after_seq);
  /// Each item, in order, whether it is worth a line or not.
  void add(const HistoryItem& item);
  /// False: entries before these were never shown, and so these count for nothing yet.
  bool note(bool count_as_opened);

 private:
  CommandContext& context_;
  VerifiedChannel& channel_;
  std::uint64_t after_seq_;
  std::uint64_t upto_seq_;
  std::uint64_t opened_seq_;
  bool is_whole_ = true;  // false: something is to be shown yet, and nothing behind it counts
};

}  // namespace oberih::client
