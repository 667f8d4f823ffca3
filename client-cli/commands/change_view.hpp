// SPDX-License-Identifier: Apache-2.0
// What a change of a channel does, in words and as JSON: shown before anybody approves it.
#pragma once

#include <nlohmann/json.hpp>

#include "client-cli/commands/command_context.hpp"
#include "protocol/sealing/channel_record.hpp"

namespace oberih::client {

/// With the names of the units whose marks it bears; a dash where there is nothing. Safe for a
/// terminal.
std::string describe_mandate(CommandContext& context, const std::string& mandate);

/// A sentence for each line that comes, goes or changes, and for each other item. Safe for a
/// terminal.
std::vector<std::string> describe_change(CommandContext& context, const sealing::Change& change);
nlohmann::ordered_json change_json(const sealing::Change& change);

/// `04.03.2027`, the last day; `-` where there is no end.
std::string describe_end(Milliseconds ends_ms);
/// The agency's name from the genesis or directory; safe for a terminal.
std::string agency_name(const sealing::Directory& directory, const AgencyId& agency);
std::string agency_name_of(const sealing::Directory& directory, const DeviceId& device);

}  // namespace oberih::client
