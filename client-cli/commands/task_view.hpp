// SPDX-License-Identifier: Apache-2.0
// Tasks in words a working group uses, and as JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "client-cli/commands/task_search.hpp"

namespace oberih::client {

std::string state_word(const Console& console, const sealing::TaskSlot& slot);
/// `Thu 26.11.2026 18:00:00`, with a word where it is behind, or where the clock stands still.
std::string describe_due(const Console& console, const sealing::TaskSlot& slot,
                         Milliseconds now_ms);
/// What somebody did, without who and when: `has accepted 3f2a91c0 "..."`.
std::string describe_event(CommandContext& context, const TaskInChannel& task,
                           const TaskEvent& event);
/// The line of a channel's history.
std::string describe_event(CommandContext& context, const ChannelId& channel,
                           const TaskEvent& event);

nlohmann::ordered_json task_json(CommandContext& context, const TaskInChannel& task);
nlohmann::ordered_json event_json(const TaskEvent& event);
/// Everything about it: what is asked, each assignee, who did what, acting for whom, and when.
void show_task(CommandContext& context, const TaskInChannel& task);

/// The newest time that the client may count with.
Milliseconds task_time_ms(const ClientSession& session);

}  // namespace oberih::client
