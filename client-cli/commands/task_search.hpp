// SPDX-License-Identifier: Apache-2.0
// The tasks that this device knows, in all its channels, and which one a person means.
#pragma once

#include "client-cli/commands/command_context.hpp"
#include "client-cli/verification/task_book.hpp"

namespace oberih::client {

struct TaskInChannel {
  ChannelId channel;
  std::string channel_title;  // as it was written; empty where there is none
  std::string title;          // the same; empty where it does not open
  sealing::TaskPointer task;
};

/// `3f2a91c0`
std::string short_id(const TaskId& id);
/// `3f2a91c0 "Допит у Чернівцях"`: safe for a terminal.
std::string describe_task(const TaskInChannel& task);

/// As this device has verified them.
std::vector<TaskInChannel> tasks_of(ClientSession& session, VerifiedChannel& channel);
/// Reads and verifies what is new in all channels.
Result<> pull_all(ClientSession& session);

/// Of the channel that is named, or of all. Online: with all that is new in them verified.
Result<std::vector<TaskInChannel>> read_tasks(CommandContext& context, const std::string& channel,
                                              CommandContext::Reach reach);
/// By the first digits of its id, four at least. Refusals: not_found, usage when several fit.
Result<TaskInChannel> find_task(CommandContext& context, const std::string& digits,
                                CommandContext::Reach reach);

}  // namespace oberih::client
