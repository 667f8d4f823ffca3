// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/grant_search.hpp"

#include <algorithm>

namespace oberih::client {

Result<std::vector<ChannelId>> own_channels(ClientSession& session) {
  std::vector<ChannelId> channels;
  const sealing::Device* own = session.directory().find_device(session.ring().device);
  if (own == nullptr || !may_sit_in_roster(own->certificate.role)) return channels;
  Result<wire::ChannelSummaries> summaries = session.ask(wire::ChannelList{});
  if (!summaries) return summaries.error();
  for (const wire::ChannelSummary& summary : summaries->channels)
    channels.push_back(summary.channel);
  return channels;
}

Result<SeenGrant> look_at_grant(ClientSession& session, const sealing::WaitingProposal& waiting) {
  SeenGrant seen;
  Result<std::vector<ChannelId>> channels = own_channels(session);
  if (!channels) return channels.error();
  if (std::ranges::find(*channels, waiting.proposal.channel) == channels->end()) return seen;
  seen.channel.emplace(session.open_channel(waiting.proposal.channel));
  OBERIH_TRY(session.pull(*seen.channel));
  Result<sealing::ProposalProgress> progress =
      sealing::find_progress(ProposalReader(session).case_of(*seen.channel), waiting.proposal,
                             waiting.approvals, session.ring().device);
  if (progress) seen.progress = std::move(*progress);
  return seen;
}

Result<sealing::WaitingPointer> find_waiting_grant(ClientSession& session,
                                                   const std::string& digits) {
  Result<sealing::WaitingPointer> waiting = ProposalReader(session).find(digits);
  if (waiting && !(*waiting)->proposal.is_of_grant())
    return refuse(RefusalCode::not_found, "that is a proposal of another kind");
  return waiting;
}

}  // namespace oberih::client
