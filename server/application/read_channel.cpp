// SPDX-License-Identifier: Apache-2.0
#include "server/application/read_channel.hpp"

namespace oberih::application {

void read_channel(const Services& services, const domain::Caller& caller,
                  const wire::ChannelRead& request, Answer<wire::ItemPage> done) {
  if (auto may = authorize(services, caller, domain::Action::channel_read, {request.channel, {}});
      !may)
    return done(may.error());
  services.reader.read_channel(
      caller.origin(), request.channel, request.after_seq, request.limit, request.latest,
      [origin = caller.origin(), channel = request.channel, accesses = services.accesses,
       done = std::move(done)](Result<wire::ItemPage> page) {
        if (accesses && page) accesses->note_history(origin, channel, *page);
        done(std::move(page));
      });
}

}  // namespace oberih::application
