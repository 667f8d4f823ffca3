// SPDX-License-Identifier: Apache-2.0
// Which grant a person means, and what this device knows of its channel.
#pragma once

#include "client-cli/verification/proposal_reader.hpp"

namespace oberih::client {

/// A grant that waits, and its channel where this device is a member of it.
struct SeenGrant {
  std::optional<VerifiedChannel> channel;
  std::optional<sealing::ProposalProgress> progress;  // nothing also where it can come no more
};

/// Channels that the server lists for us; who sits in no roster has none.
Result<std::vector<ChannelId>> own_channels(ClientSession& session);
Result<SeenGrant> look_at_grant(ClientSession& session, const sealing::WaitingProposal& waiting);
/// A grant, or its withdrawal, that waits under these digits. Refusals: not_found, usage.
Result<sealing::WaitingPointer> find_waiting_grant(ClientSession& session,
                                                   const std::string& digits);

}  // namespace oberih::client
