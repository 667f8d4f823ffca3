// SPDX-License-Identifier: Apache-2.0
// entry.post: an entry into a channel. The signature is checked on the calling thread, everything
// that depends on order inside the commit batch. The same bytes again get the same answer.
#pragma once

#include "protocol/wire/requests.hpp"
#include "server/application/services.hpp"

namespace oberih::application {

void post_entry(const Services& services, const domain::Caller& caller,
                const wire::EntryPost& request, Answer<wire::Appended> done);

}  // namespace oberih::application
