// SPDX-License-Identifier: Apache-2.0
// What the server says by itself, in words and as JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "client-cli/commands/task_search.hpp"

namespace oberih::client {

/// `overdue: "..." (3f2a91c0), of Trafficking desk, was due Thu 26.11.2026 18:00:00`.
std::string describe_server_event(CommandContext& context, const TaskInChannel& task,
                                  const sealing::ServerEvent& event);
/// The line of a channel's history.
std::string describe_server_event(CommandContext& context, const ChannelId& channel,
                                  const sealing::ServerEvent& event);
nlohmann::ordered_json server_event_json(const sealing::ServerEvent& event);
/// In the history of a task.
nlohmann::ordered_json notice_json(const TaskNotice& notice);

}  // namespace oberih::client
