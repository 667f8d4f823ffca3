// SPDX-License-Identifier: Apache-2.0
// The labelled prefix `vec(P||label)` with which every derived or bound string begins, and the
// context `ctx = channel_id || u64 epoch` that ties a key to its channel and epoch.
#pragma once

#include "protocol/base/byte_writer.hpp"

namespace oberih::sealing {

/// A writer that already holds `vec(P||label)`.
ByteWriter begin_label(std::string_view label);
/// `vec(P||label) || channel_id || u64 epoch`.
Bytes epoch_info(std::string_view label, const ChannelId& channel, std::uint64_t epoch);

}  // namespace oberih::sealing
