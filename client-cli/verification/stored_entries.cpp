// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/stored_entries.hpp"

namespace oberih::client {

std::optional<StoredItem> find_stored_item(ChannelTable& channels, const ChannelId& channel,
                                           std::uint64_t seq) {
  if (seq == 0) return std::nullopt;
  std::optional<StoredItem> found;
  channels.for_each_item(channel, seq - 1, [&](const StoredItem& item) {
    if (item.seq == seq) found = item;
    return false;
  });
  return found;
}

std::optional<sealing::PlacedEntry> find_stored_entry(ChannelTable& channels,
                                                      const ChannelId& channel, std::uint64_t seq) {
  const std::optional<StoredItem> item = find_stored_item(channels, channel, seq);
  return item ? sealing::placed_entry_of(item->leaf) : std::nullopt;
}

}  // namespace oberih::client
