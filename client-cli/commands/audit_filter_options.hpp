// SPDX-License-Identifier: Apache-2.0
// What an auditor looks for, as it is typed.
#pragma once

#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/handling_options.hpp"
#include "protocol/sealing/audit_filter.hpp"

namespace oberih::client {

struct FilterOptions {
  std::string from, to, person, device, agency, role, channel, kind, task, hearing, refusal;
  HandlingOptions handling;
};
void add_filter_options(CommandTree& tree, CLI::App* command, FilterOptions& options);

/// INVARIANT: the session is open. Refusals: usage, not_found.
Result<sealing::AuditFilter> read_filter(CommandContext& context, const FilterOptions& options);

}  // namespace oberih::client
