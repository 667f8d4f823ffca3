// SPDX-License-Identifier: Apache-2.0
// entry.find: what became of posts of the caller whose answer was lost. Own entries only, so that
// it works for somebody who is no longer on the roster, and shows nothing to anybody else.
#pragma once

#include "protocol/wire/requests.hpp"
#include "server/application/services.hpp"

namespace oberih::application {

void find_entries(const Services& services, const domain::Caller& caller,
                  const wire::EntryFind& request, Answer<wire::FoundEntries> done);

}  // namespace oberih::application
