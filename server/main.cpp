// SPDX-License-Identifier: Apache-2.0
// oberihd: the server. What it can do stands in runtime/command_line.
#include "server/runtime/command_line.hpp"

int main(int count, char** arguments) {
  return oberih::runtime::run_command_line(count, arguments);
}
