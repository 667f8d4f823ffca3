// SPDX-License-Identifier: Apache-2.0
// `oberih profile create|list|show`, `oberih unlock`, `oberih lock`: a device's folder and its
// keys.
#pragma once

#include "client-cli/commands/command_context.hpp"

namespace CLI {
class App;
}

namespace oberih::client {

void add_profile_commands(CLI::App& line, CommandContext& context);

}  // namespace oberih::client
