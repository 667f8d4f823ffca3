// SPDX-License-Identifier: Apache-2.0
// `oberih audit`: what auditors do. Each command has a file of its own.
#include "client-cli/commands/command_tree.hpp"

namespace oberih::client {

void add_audit_commands(CommandTree& tree) {
  CLI::App* audit = tree.group("audit", Sentence::help_audit);
  add_audit_find_command(tree, audit);
  add_audit_request_command(tree, audit);
  add_audit_read_command(tree, audit);
  add_audit_export_command(tree, audit);
}

}  // namespace oberih::client
