// SPDX-License-Identifier: Apache-2.0
#include "server/transport/item_frames.hpp"

#include <utility>

#include "protocol/base/limits.hpp"
#include "protocol/wire/events.hpp"
#include "protocol/wire/rpc_frame.hpp"

namespace oberih::transport {

void ItemFramer::add(std::uint64_t channel_seq, wire::ChannelItem item) {
  std::string event =
      wire::encode_event(wire::ItemEvent{channel_, std::move(item), directory_count_});
  if (!events_.empty() && bytes_ + event.size() + 2 > limits::batch_frame_bytes) finish_frame();
  if (events_.empty()) first_seq_ = channel_seq;
  last_seq_ = channel_seq;
  bytes_ += event.size() + 1;
  events_.push_back(std::move(event));
}

void ItemFramer::finish_frame() {
  if (events_.empty()) return;
  frames_.push_back(
      {first_seq_, last_seq_, std::make_shared<const std::string>(wire::join_events(events_))});
  events_.clear();
  bytes_ = 0;
}

std::vector<ItemFrame> ItemFramer::take() {
  finish_frame();
  return std::exchange(frames_, {});
}

}  // namespace oberih::transport
