// SPDX-License-Identifier: Apache-2.0
// channel.read: a page of a channel for those on its roster.
#pragma once

#include "protocol/wire/requests.hpp"
#include "server/application/services.hpp"

namespace oberih::application {

void read_channel(const Services& services, const domain::Caller& caller,
                  const wire::ChannelRead& request, Answer<wire::ItemPage> done);

}  // namespace oberih::application
