// SPDX-License-Identifier: Apache-2.0
// Which entry a person means: `417#12`, the channel as elsewhere and the entry's number in it.
#pragma once

#include "client-cli/commands/command_context.hpp"
#include "client-cli/verification/channel_history.hpp"

namespace oberih::client {

struct NamedEntry {
  VerifiedChannel channel;
  HistoryItem item;

  sealing::EntryReference reference() const { return {item.seq, item.message_hash}; }
};

/// Refusals: usage, not_found (no such channel, or no entry has that number).
Result<NamedEntry> find_entry(CommandContext& context, const std::string& text);

/// The person behind a device that the directory knows.
PersonId person_of(const sealing::Directory& directory, const DeviceId& device);

}  // namespace oberih::client
