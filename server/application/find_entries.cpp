// SPDX-License-Identifier: Apache-2.0
#include "server/application/find_entries.hpp"

namespace oberih::application {

void find_entries(const Services& services, const domain::Caller& caller,
                  const wire::EntryFind& request, Answer<wire::FoundEntries> done) {
  if (auto may = authorize(services, caller, domain::Action::entry_find); !may)
    return done(may.error());
  services.reader.find_entries(caller.origin(), caller.device, request.channel, request.message_ids,
                               std::move(done));
}

}  // namespace oberih::application
