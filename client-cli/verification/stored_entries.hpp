// SPDX-License-Identifier: Apache-2.0
// Entries of a channel as this device keeps them, by their sequence.
#pragma once

#include "client-cli/keyring/channel_table.hpp"
#include "protocol/sealing/entry_references.hpp"

namespace oberih::client {

std::optional<StoredItem> find_stored_item(ChannelTable& channels, const ChannelId& channel,
                                           std::uint64_t seq);
std::optional<sealing::PlacedEntry> find_stored_entry(ChannelTable& channels,
                                                      const ChannelId& channel, std::uint64_t seq);

}  // namespace oberih::client
