// SPDX-License-Identifier: Apache-2.0
// What is wrong with a command line, in the language of whoever typed it. CLI11 says it in English.
#pragma once

#include <CLI/App.hpp>
#include <string>

#include "client-cli/output/console.hpp"

namespace oberih::client {

/// Where a word is missing, also which words there are.
std::string describe_command_fault(const Console& console, const CLI::App& app,
                                   const CLI::ParseError& error);

}  // namespace oberih::client
