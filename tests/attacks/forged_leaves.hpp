// SPDX-License-Identifier: Apache-2.0
// What an operator does to leaves: changes their insides, and then sets sequence numbers, chain
// hashes, indexes and times anew, so that everything that needs no member's key fits again.
#pragma once

#include "protocol/journal/leaf.hpp"
#include "protocol/sealing/channel_record.hpp"
#include "protocol/sealing/sealed_entry.hpp"
#include "protocol/wire/replies.hpp"
#include "protocol/wire/requests.hpp"

namespace oberih::attacks {

using Items = std::vector<wire::ChannelItem>;

journal::Leaf leaf_of(ByteView leaf);
sealing::SealedEntry entry_of(const wire::ChannelItem& item);
sealing::EntryHeader header_of(const wire::ChannelItem& item);
sealing::SignedRecord signed_record_of(const wire::ChannelItem& item);
sealing::ChannelRecord record_of(const wire::ChannelItem& item);

void change_leaf(Bytes& leaf, const std::function<void(journal::Leaf&)>& change);
void change_entry(wire::ChannelItem& item,
                  const std::function<void(sealing::SealedEntry&)>& change);
void change_header(wire::ChannelItem& item,
                   const std::function<void(sealing::EntryHeader&)>& change);
void change_record(wire::ChannelItem& item,
                   const std::function<void(sealing::ChannelRecord&)>& change);

/// From channel sequence 1 on.
void relink(Items& items);
/// The same for the directory, from the genesis on.
void relink(std::vector<wire::DirectoryLeaf>& leaves);

/// A leaf that stands nowhere yet: relink() gives it its place.
wire::ChannelItem item_of(const ChannelId& channel, const wire::EntryPost& post);
wire::ChannelItem item_of(const ChannelId& channel, const wire::ChannelAppend& append);
wire::DirectoryLeaf directory_leaf_of(const wire::DirectoryAppend& append);

}  // namespace oberih::attacks
