// SPDX-License-Identifier: Apache-2.0
#include "server/application/follow_channel.hpp"

namespace oberih::application {

Result<wire::Followed> follow_channel(const Services& services, const domain::Caller& caller,
                                      const wire::ChannelFollow& request) {
  OBERIH_TRY(authorize(services, caller, domain::Action::channel_follow, {request.channel, {}}));
  const std::optional<ChannelFacts> facts = services.view.find_channel(request.channel);
  if (!facts) return refuse(RefusalCode::not_found);
  return wire::Followed{facts->newest_seq};
}

}  // namespace oberih::application
