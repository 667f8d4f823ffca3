// SPDX-License-Identifier: Apache-2.0
// What `status` says of witnesses.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "client-cli/commands/command_context.hpp"

namespace oberih::client {

/// Says one line and gives the same as
/// JSON; warns where it is longer ago than `policies/witnessing.json` permits.
nlohmann::ordered_json show_witnessing(Console& console, ClientSession& session);

/// limit_minutes of a policy's text. Refusal: malformed_object.
Result<std::uint64_t> parse_witnessing_limit(std::string_view policy);

}  // namespace oberih::client
