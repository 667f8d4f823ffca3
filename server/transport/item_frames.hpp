// SPDX-License-Identifier: Apache-2.0
// Items of one channel as batch frames of up to 64 KiB; a larger item goes alone.
#pragma once

#include <vector>

#include "protocol/wire/replies.hpp"
#include "server/transport/subscription.hpp"

namespace oberih::transport {

class ItemFramer {
 public:
  ItemFramer(const ChannelId& channel, std::uint64_t directory_count)
      : channel_(channel), directory_count_(directory_count) {}

  /// Items in channel order; `channel_seq` is one more than before.
  void add(std::uint64_t channel_seq, wire::ChannelItem item);
  std::vector<ItemFrame> take();

 private:
  void finish_frame();

  const ChannelId channel_;
  const std::uint64_t directory_count_;
  std::vector<std::string> events_;
  std::size_t bytes_ = 0;
  std::uint64_t first_seq_ = 0;
  std::uint64_t last_seq_ = 0;
  std::vector<ItemFrame> frames_;
};

}  // namespace oberih::transport
