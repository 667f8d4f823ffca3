// SPDX-License-Identifier: Apache-2.0
// channel.append: a record of a roster change, or a grant. What needs no order is checked before
// the queue: author, permission, seats, wraps, signature; what does, by the channel itself under
// the head row.
#pragma once

#include "protocol/wire/requests.hpp"
#include "server/application/services.hpp"

namespace oberih::application {

void append_record(const Services& services, const domain::Caller& caller,
                   const wire::ChannelAppend& request, Answer<wire::Appended> done);

}  // namespace oberih::application
