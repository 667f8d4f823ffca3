// SPDX-License-Identifier: Apache-2.0
// How grants look: what an auditor may read, by which order, until when.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "client-cli/commands/command_context.hpp"
#include "protocol/sealing/proposal_book.hpp"

namespace oberih::client {

/// `Name, Agency, may read epochs 1-3 until 04.03.2027; order 5/2027`; of a withdrawal, that it
/// ended.
std::string describe_grant(CommandContext& context, const sealing::GrantItem& grant);
/// `2-4`, or `3`.
std::string describe_epochs(const sealing::GrantItem& grant);
/// What time the epochs cover.
std::string describe_times(const Console& console, const sealing::EpochTimes& times);
nlohmann::ordered_json grant_json(ClientSession& session, const sealing::GrantItem& grant);

/// For the inbox: what waits for this person, and what members have not seen yet of grants given
/// and withdrawn. Adds how many there are to `shown`.
Result<> show_grants_in_inbox(CommandContext& context, std::size_t& shown);
/// In `channel show`: the grants in force.
void show_grants_in_force(CommandContext& context, const VerifiedChannel& channel);
nlohmann::ordered_json grants_in_force_json(ClientSession& session, const VerifiedChannel& channel);

}  // namespace oberih::client
