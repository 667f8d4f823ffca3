// SPDX-License-Identifier: Apache-2.0
// session.hello: who the server takes the caller for, and how far the journal reaches.
#pragma once

#include "protocol/wire/requests.hpp"
#include "server/application/services.hpp"

namespace oberih::application {

/// Refuses unavailable when the client has seen a longer journal than this node has.
Result<wire::HelloReply> open_session(const Services& services, const domain::Caller& caller,
                                      const wire::SessionHello& request);

}  // namespace oberih::application
