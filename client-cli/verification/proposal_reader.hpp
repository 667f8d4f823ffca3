// SPDX-License-Identifier: Apache-2.0
// What waits for approval, asked of the server and verified (verified_proposals.hpp). That the
// server shows all of it cannot be verified; that nobody approves what it made up, can.
#pragma once

#include "client-cli/verification/client_session.hpp"
#include "protocol/sealing/proposal_rules.hpp"

namespace oberih::client {

class ProposalReader {
 public:
  explicit ProposalReader(ClientSession& session) : session_(session) {}

  /// Of one channel, or of all where we may see them; in the order in which they came. Refusals:
  /// verification_failed (kept as evidence), the server's.
  Result<std::vector<sealing::WaitingPointer>> read(const std::optional<ChannelId>& channel);
  /// The one whose id begins with these digits (four at least). Refusals: not_found, usage.
  Result<sealing::WaitingPointer> find(const std::string& digits);

  /// What a proposal is judged against here. INVARIANT: the channel is pulled.
  sealing::ProposalCase case_of(const VerifiedChannel& channel) const;

 private:
  ClientSession& session_;
};

}  // namespace oberih::client
