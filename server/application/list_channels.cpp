// SPDX-License-Identifier: Apache-2.0
#include "server/application/list_channels.hpp"

namespace oberih::application {

Result<wire::ChannelSummaries> list_channels(const Services& services, const domain::Caller& caller,
                                             const wire::ChannelList&) {
  OBERIH_TRY(authorize(services, caller, domain::Action::channel_list));
  wire::ChannelSummaries reply;
  const Milliseconds now = rule_time_ms(services);
  for (const auto& [id, facts] : services.view.channels_of(caller.device)) {
    const auto line = services.view.find_member(id, caller.device, now);
    if (!line) continue;
    reply.channels.push_back({id, facts.state->policy().kind, facts.newest_seq,
                              facts.state->epoch(), line->role, facts.state->is_closed()});
  }
  return reply;
}

}  // namespace oberih::application
