// SPDX-License-Identifier: Apache-2.0
#include "server/application/read_directory.hpp"

namespace oberih::application {

void read_directory(const Services& services, const domain::Caller& caller,
                    const wire::DirectoryRead& request, Answer<wire::DirectoryPage> done) {
  if (auto may = authorize(services, caller, domain::Action::directory_read); !may)
    return done(may.error());
  services.reader.read_directory(caller.origin(), request.after_count, request.limit,
                                 std::move(done));
}

}  // namespace oberih::application
