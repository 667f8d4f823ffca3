// SPDX-License-Identifier: Apache-2.0
// channel.list: the channels on whose roster the caller stands now.
#pragma once

#include "protocol/wire/requests.hpp"
#include "server/application/services.hpp"

namespace oberih::application {

Result<wire::ChannelSummaries> list_channels(const Services& services, const domain::Caller& caller,
                                             const wire::ChannelList& request);

}  // namespace oberih::application
