// SPDX-License-Identifier: Apache-2.0
// What the port answers to plain HTTP over the same TLS: is it well, the newest checkpoint, and the
// journal's tree in tiles (C2SP tlog-tiles). Read-only: GET and HEAD, no query, no body.
#pragma once

#include "protocol/socket/tls_listener.hpp"
#include "server/application/services.hpp"
#include "server/transport/rate_limiter.hpp"

namespace oberih::transport {

/// Answers at once, or on a reader's thread when the database has. Tiles are counted against the
/// device's limits as other reads are; what a page says of a refusal is one sentence.
void answer_http(const application::Services& services, const domain::Caller& caller,
                 const std::shared_ptr<RateLimiter>& limiter, const socket::HttpRequest& request,
                 socket::HttpAnswer done);

}  // namespace oberih::transport
