// SPDX-License-Identifier: Apache-2.0
// Makes a change of a channel where one may do so alone, and else writes the proposal: the person
// says what shall be, the rules say who must agree.
#pragma once

#include "client-cli/commands/command_tree.hpp"
#include "client-cli/verification/proposal_reader.hpp"

namespace oberih::client {

struct ProposeOptions {
  unsigned lapse_days = 7;
};
void add_propose_options(CommandTree& tree, CLI::App* command, ProposeOptions& options);

enum class ChangeOutcome { made, proposed };

/// Says and prints the proposal where one was written; of what was made the caller speaks.
/// INVARIANT: the channel is pulled.
Result<ChangeOutcome> make_or_propose(CommandContext& context, VerifiedChannel& channel,
                                      sealing::RecordOp op, const sealing::Change& change,
                                      const ProposeOptions& options);

/// Signed by this device for every item. approval_invalid: it has approved already.
Result<> approve_waiting(CommandContext& context, const sealing::WaitingProposal& waiting);

/// The record that carries the proposal out, by this device, with the approvals that there are.
Result<> record_proposal(ClientSession& session, VerifiedChannel& channel,
                         const sealing::WaitingProposal& waiting,
                         const sealing::ProposalProgress& progress);
/// The same, and says what was done.
Result<> carry_out(CommandContext& context, VerifiedChannel& channel,
                   const sealing::WaitingProposal& waiting,
                   const sealing::ProposalProgress& progress);

/// Whose approval is still wanted: devices of agencies that have not approved.
std::vector<DeviceId> find_missing_approvers(ClientSession& session, const VerifiedChannel& channel,
                                             const sealing::ProposalProgress& progress);
std::string short_id(const sealing::ProposalId& id);

}  // namespace oberih::client
