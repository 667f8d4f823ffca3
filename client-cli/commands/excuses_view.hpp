// SPDX-License-Identifier: Apache-2.0
// Beside what is missing: when the agency that owes it was out of service. A declared interval
// removes no negative, and excuses.
#pragma once

#include <nlohmann/json.hpp>

#include "client-cli/commands/command_context.hpp"

namespace oberih::client {

/// A line for each interval that the agency has declared of the time since then.
void say_excuses(CommandContext& context, const AgencyId& agency, Milliseconds since_ms);
/// `[{from_ms, to_ms, reason}]`, `to_ms` 0 until further notice.
nlohmann::ordered_json excuses_json(const ClientSession& session, const AgencyId& agency,
                                    Milliseconds since_ms);

}  // namespace oberih::client
