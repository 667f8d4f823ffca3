// SPDX-License-Identifier: Apache-2.0
// What an entry's facts say, in words: for message_view and for programs.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "client-cli/commands/command_context.hpp"
#include "client-cli/verification/channel_history.hpp"

namespace oberih::client {

/// Of an acknowledgement or an originator's answer, with its remark.
std::string describe_answer(CommandContext& context, const HistoryItem& item);
void add_facts(CommandContext& context, const HistoryItem& item, nlohmann::ordered_json& json);

}  // namespace oberih::client
