// SPDX-License-Identifier: Apache-2.0
// Silence in words and as JSON: what the server said of steps that are missing, and whose of one's
// own entries still wait.
#pragma once

#include <nlohmann/json.hpp>

#include "client-cli/commands/command_context.hpp"
#include "client-cli/verification/alert_reader.hpp"
#include "client-cli/verification/asked_book.hpp"
#include "client-cli/verification/channel_history.hpp"

namespace oberih::client {

/// The line of a channel's history: `[entry 12: not opened by the limit ...: Олена Коваль]`.
std::string describe_silence(CommandContext& context, const sealing::MissingStep& event);
nlohmann::ordered_json silence_json(const sealing::MissingStep& event);

/// Below the ladder of an entry: what was said of it, a line each.
void print_silence_of(CommandContext& context, const ChannelId& channel, const HistoryItem& entry);

/// An alert about people of one's own agency.
void print_silence_alert(CommandContext& context, const VerifiedAlert& alert);
nlohmann::ordered_json silence_alert_json(ClientSession& session, const VerifiedAlert& alert);

/// One's own entries that the server has said people to be silent about, while they still are;
/// returns how many. INVARIANT: the channels are read as far as the caller wants.
Result<std::size_t> show_own_silent_entries(CommandContext& context, CommandContext::Reach reach);

}  // namespace oberih::client
