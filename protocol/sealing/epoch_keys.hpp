// SPDX-License-Identifier: Apache-2.0
// What follows from an epoch's key K_e (design 3.3), and the box that holds its predecessor.
#pragma once

#include <optional>

#include "protocol/base/ids.hpp"
#include "protocol/base/secret.hpp"

namespace oberih::sealing {

struct EpochKeys {
  MessageKey message_key;         // mk
  SymmetricKey previous_key_key;  // pv
  Digest key_commitment;          // kc
  Digest message_key_commitment;  // mc
};

EpochKeys derive_epoch_keys(const EpochKey& key, const ChannelId& channel, std::uint64_t epoch);
/// mc from mk alone: how an auditor with a kind-2 wrap checks it.
Digest message_key_commitment(const MessageKey& key, const ChannelId& channel, std::uint64_t epoch);

/// `prev_box`: K_p sealed under the new epoch's pv; `previous_commitment` is kc of epoch p.
Bytes seal_previous_key(const EpochKeys& keys, const ChannelId& channel, std::uint64_t epoch,
                        const Digest& previous_commitment, const EpochKey& previous_key);
/// Nothing when the box does not open.
std::optional<EpochKey> open_previous_key(const EpochKeys& keys, const ChannelId& channel,
                                          std::uint64_t epoch, const Digest& previous_commitment,
                                          ByteView prev_box);

}  // namespace oberih::sealing
