// SPDX-License-Identifier: Apache-2.0
// `oberih device request|invite|certify|list|revoke`: how a person's device comes into the
// directory and goes out of it. (device_commands.cpp is being written by the lead: do not write it
// twice.)
#pragma once

#include "client-cli/commands/command_context.hpp"

namespace CLI {
class App;
}

namespace oberih::client {

void add_device_commands(CLI::App& line, CommandContext& context);

}  // namespace oberih::client
