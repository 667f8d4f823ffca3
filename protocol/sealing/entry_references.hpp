// SPDX-License-Identifier: Apache-2.0
// Entries that name others: acknowledgements, requests to an originator and the answers. Asked
// after judge_entry, with a look at the entries that are named (ADR 9: server, client and check
// alike).
#pragma once

#include "protocol/sealing/channel_state.hpp"
#include "protocol/sealing/entry_facts.hpp"

namespace oberih::sealing {

/// An entry as it stands in its channel.
struct PlacedEntry {
  EntryType type{};
  DeviceId sender;
  Digest message_hash;
  Bytes facts;
};
/// Nothing: there is no entry at that channel_seq.
using EntryAt = std::function<std::optional<PlacedEntry>(std::uint64_t channel_seq)>;
/// Nothing where the leaf is no entry.
std::optional<PlacedEntry> placed_entry_of(ByteView leaf);

/// What a person receives, and may be asked to acknowledge or want to pass on.
bool is_content(EntryType type);

/// Refusals: not_found (no such entry, or another hash), forbidden (one's own entry; not the
/// originator), entry_type_forbidden (what cannot be acknowledged or passed on).
Result<void> judge_references(const EntryHeader& header, const Directory& directory,
                              const EntryAt& entry_at);

}  // namespace oberih::sealing
