// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/channel_feed.hpp"

#include "protocol/sealing/receipt_rules.hpp"

namespace oberih::client {
namespace {

// A little more than the server's, so that none is refused for a moment.
constexpr std::chrono::milliseconds receipt_pause{sealing::receipt_pause_ms + 200};

}  // namespace

ChannelFeed::ChannelFeed(CommandContext& context, VerifiedChannel channel, const Options& options)
    : context_(context),
      channel_(std::move(channel)),
      history_(context.session().store(), channel_.keys(), channel_.id()),
      view_(context, channel_.id()),
      care_(context.session(), options.care),
      shown_seq_(options.shown_seq),
      count_as_opened_(options.count_as_opened) {}

const HistoryItem* ChannelFeed::next() {
  if (!next_ && channel_.state().newest_seq() > shown_seq_)
    history_.for_each(shown_seq_, [this](HistoryItem& item) {
      next_ = std::move(item);
      return false;
    });
  return next_ ? &*next_ : nullptr;
}

void ChannelFeed::pass() {
  if (!shown_) shown_.emplace(context_, channel_, shown_seq_);
  shown_->add(*next_);
  shown_seq_ = next_->seq;
  if (next_->facts.asks(sealing::AsksFor::receipt_at_once)) tell_at_ = {};
  next_.reset();
}

void ChannelFeed::note_shown() {
  if (!shown_) return;
  (void)shown_->note(count_as_opened_);
  shown_.reset();
  context_.session().store().channels().put_shown_seq(channel_.id(), shown_seq_);
}

void ChannelFeed::tell_receipts() {
  if (SteadyClock::now() < tell_at_) return;
  tell_at_ = SteadyClock::now() + receipt_pause;
  (void)ReceiptSender(context_.session()).tell(channel_);
}

}  // namespace oberih::client
