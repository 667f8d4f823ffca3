// SPDX-License-Identifier: Apache-2.0
// The whole of `oberih`: a command line in, an exit code out.
#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace oberih::client {

/// `arguments` without the program's name. Exit codes: 0, or those of docs/rules/refusals.md.
int run_command_line(const std::vector<std::string>& arguments, std::ostream& out,
                     std::ostream& err);

}  // namespace oberih::client
