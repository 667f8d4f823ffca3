// SPDX-License-Identifier: Apache-2.0
// What the port answers to plain HTTP over the same TLS: is it well, and the newest checkpoint.
#pragma once

#include "protocol/socket/tls_listener.hpp"
#include "server/application/journal_view.hpp"

namespace oberih::transport {

/// GET /health, GET /checkpoint; everything else is 404.
socket::HttpResponse answer_http(const application::JournalView& view,
                                 const socket::HttpRequest& request);

}  // namespace oberih::transport
