// SPDX-License-Identifier: Apache-2.0
// The commands of oberihd: migrate, init, directory, keys, policy, attachment, serve, check,
// settings, version. Failures are sentences on standard error with the exit code of
// docs/rules/refusals.md.
#pragma once

namespace oberih::runtime {

int run_command_line(int count, char** arguments);

}  // namespace oberih::runtime
