// SPDX-License-Identifier: Apache-2.0
// From the key of the TLS handshake to the caller. Names in certificates mean nothing, and what a
// client writes means nothing here either.
#pragma once

#include "protocol/socket/tls_listener.hpp"
#include "server/application/services.hpp"
#include "server/transport/session_registry.hpp"

namespace oberih::transport {

/// What the handshake is told: the alert that fits.
socket::PeerVerdict judge_peer(const application::Services& services, SessionRegistry& registry,
                               const Digest& spki);

}  // namespace oberih::transport
