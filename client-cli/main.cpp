// SPDX-License-Identifier: Apache-2.0
#include <csignal>

#include "client-cli/commands/command_line.hpp"
#include "client-cli/keyring/undumpable_process.hpp"

int main(int count, char** arguments) {
  // Keys and texts pass through this process: no core, no debugger of another process.
  oberih::client::make_process_undumpable();
  std::signal(SIGPIPE, SIG_IGN);
  return oberih::client::run_command_line(count, arguments);
}
