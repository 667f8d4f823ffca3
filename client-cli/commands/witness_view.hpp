// SPDX-License-Identifier: Apache-2.0
// What `status` says of witnesses, and of time-stamps.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "client-cli/commands/command_context.hpp"

namespace oberih::client {

/// Says one line and gives the same as
/// JSON; warns where it is longer ago than `policies/witnessing.json` permits.
nlohmann::ordered_json show_witnessing(Console& console, ClientSession& session);

/// The same of time-stamps, by the server's word; nothing where it has no authority.
nlohmann::ordered_json show_anchoring(Console& console, const ClientSession& session);

/// limit_minutes of a policy's text. Refusal: malformed_object.
Result<std::uint64_t> parse_witnessing_limit(std::string_view policy);

}  // namespace oberih::client
