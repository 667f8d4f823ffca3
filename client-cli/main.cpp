// SPDX-License-Identifier: Apache-2.0
#include <signal.h>

#include <iostream>

#include "client-cli/commands/command_line.hpp"
#include "client-cli/keyring/undumpable_process.hpp"

int main(int argument_count, char** arguments) {
  oberih::client::make_process_undumpable();
  ::signal(SIGPIPE, SIG_IGN);
  try {
    return oberih::client::run_command_line({arguments + 1, arguments + argument_count}, std::cout,
                                            std::cerr);
  } catch (const std::exception& error) {
    // Nothing expected ends here: no memory, no threads, a bug.
    std::cerr << "oberih: " << error.what() << std::endl;
    return 70;
  }
}
