// SPDX-License-Identifier: Apache-2.0
// Builds the words of the command line. Each command brings its help, an example, and what to run;
// it runs after the whole line has been understood.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <functional>

#include "client-cli/commands/command_context.hpp"

namespace oberih::client {

using RunCommand = std::function<Result<>(CommandContext&)>;

class CommandTree {
 public:
  CommandTree(CLI::App& root, Language language) : root_(root), language_(language) {}

  CLI::App* group(const std::string& word, Sentence help);
  /// Under a group, or under the root where it is null.
  CLI::App* command(CLI::App* under, const std::string& word, Sentence help,
                    const std::string& example, RunCommand run);
  std::string text(Sentence sentence) const { return compose(language_, sentence); }
  /// INVARIANT: the line has been parsed, and it demands a command.
  const RunCommand& chosen() const { return chosen_; }

 private:
  CLI::App& root_;
  Language language_;
  RunCommand chosen_;
};

// One for each file of commands.
void add_profile_commands(CommandTree& tree);
void add_lock_commands(CommandTree& tree);
void add_agency_commands(CommandTree& tree);
void add_device_request_commands(CommandTree& tree, CLI::App* device);
void add_device_revoke_command(CommandTree& tree, CLI::App* device);
void add_device_commands(CommandTree& tree);
void add_governance_commands(CommandTree& tree);
void add_governance_propose_commands(CommandTree& tree, CLI::App* governance);
void add_channel_commands(CommandTree& tree);
void add_member_commands(CommandTree& tree, CLI::App* channel);
void add_roster_commands(CommandTree& tree, CLI::App* channel);
void add_proposal_commands(CommandTree& tree, CLI::App* channel);
void add_entry_prove_command(CommandTree& tree, CLI::App* entry);
void add_channel_export_command(CommandTree& tree, CLI::App* channel);
void add_message_commands(CommandTree& tree);
void add_attachment_commands(CommandTree& tree);
void add_follow_command(CommandTree& tree, CLI::App* message);
void add_follow_everything_command(CommandTree& tree);
void add_unit_commands(CommandTree& tree);
void add_out_of_service_commands(CommandTree& tree, CLI::App* agency);
void add_who_command(CommandTree& tree);
void add_task_commands(CommandTree& tree);
void add_task_list_commands(CommandTree& tree, CLI::App* task);
void add_hearing_commands(CommandTree& tree);
void add_hearing_schedule_commands(CommandTree& tree, CLI::App* hearing);
void add_hearing_action_commands(CommandTree& tree, CLI::App* hearing);
void add_hearing_service_commands(CommandTree& tree, CLI::App* hearing);
void add_hearing_show_commands(CommandTree& tree, CLI::App* hearing);
void add_hearing_calendar_commands(CommandTree& tree, CLI::App* hearing);
void add_hearing_print_commands(CommandTree& tree, CLI::App* hearing);
void add_hearing_import_command(CommandTree& tree, CLI::App* hearing);
void add_hearing_prove_command(CommandTree& tree, CLI::App* hearing);
void add_inbox_command(CommandTree& tree);
void add_task_templates_command(CommandTree& tree, CLI::App* task);
void add_forward_command(CommandTree& tree, CLI::App* message);
void add_entry_commands(CommandTree& tree);
void add_receipts_command(CommandTree& tree);
void add_evidence_commands(CommandTree& tree);
void add_audit_commands(CommandTree& tree);
void add_audit_find_command(CommandTree& tree, CLI::App* audit);
void add_audit_request_command(CommandTree& tree, CLI::App* audit);
void add_audit_read_command(CommandTree& tree, CLI::App* audit);
void add_audit_export_command(CommandTree& tree, CLI::App* audit);
void add_verify_command(CommandTree& tree);
void add_grant_commands(CommandTree& tree);
void add_grant_withdraw_command(CommandTree& tree, CLI::App* grant);
void add_status_command(CommandTree& tree);
void add_witness_commands(CommandTree& tree);

}  // namespace oberih::client
