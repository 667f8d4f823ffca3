// SPDX-License-Identifier: Apache-2.0
// Alerts as a person or a program sees them, and which of them are still new.
#pragma once

#include <nlohmann/json.hpp>

#include "client-cli/commands/command_context.hpp"
#include "client-cli/verification/alert_reader.hpp"

namespace oberih::client {

nlohmann::ordered_json alert_json(ClientSession& session, const VerifiedAlert& alert);

/// Those that were not shown before, or `all`; returns how many. What was printed for a person and
/// is proven counts as shown from then on, what a program got as JSON does not.
Result<std::size_t> show_alerts(CommandContext& context, bool all);

}  // namespace oberih::client
