// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/shown_items.hpp"

namespace oberih::client {

ShownItems::ShownItems(CommandContext& context, VerifiedChannel& channel, std::uint64_t after_seq)
    : context_(context),
      channel_(channel),
      after_seq_(after_seq),
      upto_seq_(after_seq),
      opened_seq_(ReceiptSender(context.session()).opened_seq(channel)) {}

void ShownItems::add(const HistoryItem& item) {
  if (item.seq > opened_seq_ && !is_shown_whole(item, channel_.keys())) is_whole_ = false;
  if (is_whole_) upto_seq_ = item.seq;
}

bool ShownItems::note(bool count_as_opened) {
  if (context_.console().is_json() && !count_as_opened) return true;
  if (upto_seq_ == after_seq_) return true;
  const bool counts = ReceiptSender(context_.session()).note_shown(channel_, after_seq_, upto_seq_);
  if (counts) after_seq_ = upto_seq_;
  return counts;
}

}  // namespace oberih::client
