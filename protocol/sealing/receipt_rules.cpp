// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/receipt_rules.hpp"

namespace oberih::sealing {

Result<void> judge_receipt(const ChannelState& state, const Directory& directory,
                           const Place& place, const Receipt& receipt, std::uint64_t told_seq,
                           const LeafHashAt& leaf_hash_at) {
  // First, and the same for all: who is not on the roster learns nothing of the channel.
  if (!state.exists() || receipt.channel != state.channel() ||
      state.find_member(receipt.device) == nullptr)
    return refuse(RefusalCode::not_found);
  const Standing standing = directory.standing(receipt.device, place.index, place.server_ms);
  if (standing != Standing::active) return refusal_of(standing);
  if (state.has_left(directory.find_device(receipt.device)->certificate.person))
    return refuse(RefusalCode::not_found);
  if (receipt.channel_seq > state.newest_seq())
    return refuse(RefusalCode::seen_invalid, "a receipt for a leaf that is not there");
  if (leaf_hash_at(receipt.channel_seq) != receipt.leaf_hash)
    return refuse(RefusalCode::seen_invalid, "a receipt for another leaf than stands there");
  if (receipt.channel_seq <= told_seq)
    return refuse(RefusalCode::seen_invalid, "a receipt that does not go forward");
  return {};
}

}  // namespace oberih::sealing
