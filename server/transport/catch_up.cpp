// SPDX-License-Identifier: Apache-2.0
#include "server/transport/catch_up.hpp"

#include <algorithm>
#include <utility>

#include "protocol/base/limits.hpp"
#include "protocol/wire/events.hpp"
#include "protocol/wire/rpc_frame.hpp"
#include "server/transport/item_frames.hpp"

namespace oberih::transport {
namespace {

// A page may be read while at most this waits: the next page and live frames still fit.
constexpr std::size_t room_mark_bytes = 128 * 1024;
constexpr std::chrono::milliseconds retry_delay{500};

std::vector<ItemFrame> frames_of(const ChannelId& channel, std::uint64_t after_seq,
                                 wire::ItemPage& page) {
  ItemFramer framer(channel, page.directory_count);
  for (wire::ChannelItem& item : page.items) framer.add(++after_seq, std::move(item));
  return framer.take();
}

std::size_t bytes_of(const std::vector<ItemFrame>& frames) {
  std::size_t bytes = 0;
  for (const ItemFrame& each : frames) bytes += each.frame->size();
  return bytes;
}

}  // namespace

void CatchUp::add(SubscriptionPointer subscription) {
  {
    std::lock_guard lock(mutex_);
    if (is_stopped_) return;
    waiting_.push_back(std::move(subscription));
  }
  step();
}

void CatchUp::remove(const SubscriptionPointer& subscription) {
  std::lock_guard lock(mutex_);
  std::erase(waiting_, subscription);
}

std::size_t CatchUp::waiting_count() const {
  std::lock_guard lock(mutex_);
  return waiting_.size();
}

void CatchUp::stop() {
  std::lock_guard lock(mutex_);
  is_stopped_ = true;
  waiting_.clear();
  retry_timer_.reset();
}

void CatchUp::step() {
  SubscriptionPointer next;
  {
    std::lock_guard lock(mutex_);
    if (is_reading_ || !(next = take_next())) return;
    is_reading_ = true;
  }
  outbox_->when_below(room_mark_bytes, [weak = weak_from_this(), next] {
    if (auto self = weak.lock()) self->read_page(next);
  });
}

SubscriptionPointer CatchUp::take_next() {
  while (!waiting_.empty()) {
    SubscriptionPointer next = std::move(waiting_.front());
    waiting_.pop_front();
    if (!next->has_ended()) return next;
  }
  return nullptr;
}

void CatchUp::read_page(const SubscriptionPointer& subscription) {
  if (subscription->has_ended()) return finish_page(nullptr);
  const auto pause = rate_limiter_->read_pause(std::chrono::steady_clock::now());
  if (pause.count() > 0) return retry_later(subscription, pause);
  std::uint64_t after_seq = subscription->begin_page();
  services_.reader.read_channel(
      origin_, subscription->channel(), after_seq, limits::page_items, false,
      [weak = weak_from_this(), subscription, after_seq](Result<wire::ItemPage> page) {
        if (auto self = weak.lock()) self->take_page(subscription, after_seq, std::move(page));
      });
}

void CatchUp::take_page(const SubscriptionPointer& subscription, std::uint64_t after_seq,
                        Result<wire::ItemPage> page) {
  if (!page) return retry_later(subscription, retry_delay);
  // Asked again for each page: the roster may have changed since the subscription began.
  if (!services_.view.find_member(subscription->channel(), subscription->device(),
                                  application::rule_time_ms(services_))) {
    subscription->end(std::make_shared<const std::string>(
        wire::join_events({wire::encode_event(wire::UnfollowedEvent{subscription->channel()})})));
    outbox_->flush();
    return finish_page(nullptr);
  }
  if (services_.accesses) services_.accesses->note_history(origin_, subscription->channel(), *page);
  bool is_empty = page->items.empty();
  auto frames = frames_of(subscription->channel(), after_seq, *page);
  rate_limiter_->charge_read(std::max(bytes_of(frames), least_page_bytes),
                             std::chrono::steady_clock::now());
  auto next = subscription->take_page(frames, page->newest_seq);
  outbox_->flush();
  if (next == Subscription::Next::nothing) return finish_page(nullptr);
  if (is_empty) return retry_later(subscription, retry_delay);
  finish_page(subscription);
}

void CatchUp::finish_page(const SubscriptionPointer& again) {
  {
    std::lock_guard lock(mutex_);
    is_reading_ = false;
    if (again && !is_stopped_) waiting_.push_back(again);
  }
  step();
}

void CatchUp::retry_later(const SubscriptionPointer& subscription,
                          std::chrono::milliseconds delay) {
  std::lock_guard lock(mutex_);
  if (is_stopped_) return;
  retry_timer_ = loop_.after(delay, [weak = weak_from_this(), subscription] {
    if (auto self = weak.lock()) self->finish_page(subscription);
  });
}

}  // namespace oberih::transport
