// SPDX-License-Identifier: Apache-2.0
// The whole command line of `oberih`: options that every command knows, and the commands by group.
#pragma once

namespace oberih::client {

/// Understands the arguments, runs the command, prints what it refused. The exit code: 0, or that
/// of the refusal (docs/rules/refusals.md), 64 where the line is not understood.
int run_command_line(int count, const char* const* arguments);

}  // namespace oberih::client
