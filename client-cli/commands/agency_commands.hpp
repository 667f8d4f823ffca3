// SPDX-License-Identifier: Apache-2.0
// `oberih agency create|sign|certify|show`: what an agency does with its root key, offline.
#pragma once

#include "client-cli/commands/command_context.hpp"

namespace CLI {
class App;
}

namespace oberih::client {

void add_agency_commands(CLI::App& line, CommandContext& context);

}  // namespace oberih::client
