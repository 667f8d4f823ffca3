// SPDX-License-Identifier: Apache-2.0
// What somebody with a valid device can sign and a decent client would not: the next entry or
// record after what `view` shows, spoiled before it is sealed.
#pragma once

#include "protocol/sealing/key_wrap.hpp"
#include "tests/attacks/scene.hpp"

namespace oberih::attacks {

using SpoilHeader = std::function<void(sealing::EntryHeader&)>;

/// The header that an honest client of `author` would make now.
sealing::EntryHeader next_header(Member& view, const ChannelId& channel, const Device& author);
/// Sealed under the key of the header's epoch, as `view` holds it.
wire::EntryPost forge_entry(Member& view, const ChannelId& channel, const Device& author,
                            const std::string& text, const SpoilHeader& spoil = {});
/// Sealed under any key.
wire::EntryPost seal_post(const sealing::EntryHeader& header, const std::string& text,
                          const MessageKey& key, const crypto::Signer& signer);

struct RecordSpoils {
  std::function<void(sealing::ChannelRecord&)> record;
  std::function<void(std::vector<sealing::KeyWrap>&)> wraps;
  std::optional<EpochKey> wrapped_key;  // instead of the one that the record commits to
  std::string_view label = "channel-record";
  std::vector<const Device*> approvers;
  Milliseconds approvals_expire_ms = wall_clock_ms() + 3'600'000;
  std::function<void(std::vector<sealing::Approval>&)> approvals;
};
/// Op 1 with these items, op 2 where there are none.
wire::ChannelAppend forge_record(Member& view, const ChannelId& channel, const Device& author,
                                 const sealing::Change& change, const RecordSpoils& spoils = {});

struct GrantSpoils {
  std::vector<const Device*> approvers;
  Milliseconds approvals_expire_ms = wall_clock_ms() + 3'600'000;
  std::function<void(std::vector<sealing::Approval>&)> approvals;
  std::function<void(sealing::WrapContext&)> context;  // of each wrap
  std::optional<MessageKey> wrapped_key;               // instead of each epoch's
};
/// Op 4 with this item, wraps from the keys that `view` holds.
wire::ChannelAppend forge_grant(Member& view, const ChannelId& channel, const Device& author,
                                const sealing::GrantItem& grant, const GrantSpoils& spoils);

}  // namespace oberih::attacks
