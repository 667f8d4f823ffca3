// SPDX-License-Identifier: Apache-2.0
#include "server/transport/subscription.hpp"

#include <algorithm>
#include <utility>

namespace oberih::transport {

Subscription::Next Subscription::fall_behind() {
  if (std::exchange(is_catching_up_, true)) return Next::nothing;  // pages are being read already
  return Next::read_page;
}

Subscription::Next Subscription::deliver(const ItemFrame& frame) {
  std::lock_guard lock(mutex_);
  if (has_ended_) return Next::nothing;
  newest_known_ = std::max(newest_known_, frame.last_seq);
  if (is_catching_up_ || frame.last_seq <= position_) return Next::nothing;
  if (frame.first_seq != position_ + 1) return fall_behind();
  outbox_->push_batch(frame.frame);
  position_ = frame.last_seq;
  return Next::nothing;
}

Subscription::Next Subscription::note_moved() {
  std::lock_guard lock(mutex_);
  if (has_ended_) return Next::nothing;
  must_read_again_ = true;
  return fall_behind();
}

Subscription::Next Subscription::begin(std::uint64_t newest_seq) {
  std::lock_guard lock(mutex_);
  newest_known_ = std::max(newest_known_, newest_seq);
  if (must_read_again_ || newest_known_ > position_) return Next::read_page;
  is_catching_up_ = false;
  return Next::nothing;
}

std::uint64_t Subscription::begin_page() {
  std::lock_guard lock(mutex_);
  must_read_again_ = false;
  return position_;
}

Subscription::Next Subscription::take_page(const std::vector<ItemFrame>& frames,
                                           std::uint64_t newest_seq) {
  std::lock_guard lock(mutex_);
  if (has_ended_) return Next::nothing;
  for (const ItemFrame& each : frames) {
    outbox_->push_batch(each.frame);
    position_ = each.last_seq;
  }
  newest_known_ = std::max(newest_known_, newest_seq);
  if (must_read_again_ || newest_known_ > position_) return Next::read_page;
  is_catching_up_ = false;
  return Next::nothing;
}

bool Subscription::end(const Frame& last_words) {
  std::lock_guard lock(mutex_);
  if (std::exchange(has_ended_, true)) return false;
  if (last_words) outbox_->push_batch(last_words);
  return true;
}

bool Subscription::has_ended() const {
  std::lock_guard lock(mutex_);
  return has_ended_;
}

}  // namespace oberih::transport
