// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/command_tree.hpp"

namespace oberih::client {

CLI::App* CommandTree::group(const std::string& word, Sentence help) {
  CLI::App* group = root_.add_subcommand(word, text(help));
  group->require_subcommand(1);
  group->fallthrough();
  return group;
}

CLI::App* CommandTree::command(CLI::App* under, const std::string& word, Sentence help,
                               const std::string& example, RunCommand run) {
  CLI::App* command = (under == nullptr ? &root_ : under)->add_subcommand(word, text(help));
  command->fallthrough();
  command->footer(compose(language_, Sentence::help_example, {{"example", example}}));
  command->callback([this, run = std::move(run)] { chosen_ = run; });
  return command;
}

}  // namespace oberih::client
