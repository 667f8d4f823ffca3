// SPDX-License-Identifier: Apache-2.0
// Whether a receipt may stand: asked alike by the server and by `oberihd check`. How often one may
// come is no rule of the journal but the server's own (receipt_pace).
#pragma once

#include "protocol/sealing/channel_state.hpp"
#include "protocol/sealing/receipt.hpp"

namespace oberih::sealing {

/// At least so long between two receipts of one device, channel and step, unless the newest entry
/// that asks for a receipt at once lies between them.
inline constexpr Milliseconds receipt_pause_ms = 5'000;

/// `told_seq`: what the device's receipts of this channel and step have reached; 0: nothing.
/// Receipts are accepted after a close and while a rotation is due. Refusals: not_found (neither
/// on the roster nor there any more), unknown_device and kin, seen_invalid (another leaf stands
/// there or none, or it does not go forward).
Result<void> judge_receipt(const ChannelState& state, const Directory& directory,
                           const Place& place, const Receipt& receipt, std::uint64_t told_seq,
                           const LeafHashAt& leaf_hash_at);

}  // namespace oberih::sealing
