// SPDX-License-Identifier: Apache-2.0
// Which channel a person means: its title, as this client has opened it, or the first digits of its
// id. A channel that one may not see and one that does not exist are the same here, too.
#pragma once

#include "client-cli/commands/command_context.hpp"

namespace oberih::client {

/// Online: with all that is new in it verified. Refusals: not_found, usage when several fit.
Result<VerifiedChannel> find_channel(CommandContext& context, const std::string& text,
                                     CommandContext::Reach reach);

/// The id alone, from what the server lists and what this device knows: a channel that the server
/// withholds is not replaced by another of the same title.
Result<ChannelId> find_channel_online(ClientSession& session, const std::string& text);

}  // namespace oberih::client
