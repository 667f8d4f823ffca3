// SPDX-License-Identifier: Apache-2.0
// channel.follow: whether the caller may. What follows from it lives in the connection, which asks
// JournalView::find_member again whenever a commit changed the roster.
#pragma once

#include "protocol/wire/requests.hpp"
#include "server/application/services.hpp"

namespace oberih::application {

Result<wire::Followed> follow_channel(const Services& services, const domain::Caller& caller,
                                      const wire::ChannelFollow& request);

}  // namespace oberih::application
