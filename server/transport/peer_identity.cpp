// SPDX-License-Identifier: Apache-2.0
#include "server/transport/peer_identity.hpp"

namespace oberih::transport {

socket::PeerVerdict judge_peer(const application::Services& services, SessionRegistry& registry,
                               const Digest& spki) {
  auto caller = application::identify_caller(services, spki);
  if (caller) {
    // Here, before the client's signature is checked: half of a handshake's cost is saved.
    const auto limiter = registry.rate_limiter(caller->device, caller->agency);
    return limiter->may_connect(std::chrono::steady_clock::now()) ? socket::PeerVerdict::accepted
                                                                  : socket::PeerVerdict::too_many;
  }
  RefusalCode code = caller.error().code;
  if (code == RefusalCode::device_revoked) return socket::PeerVerdict::revoked;
  if (code == RefusalCode::certificate_expired) return socket::PeerVerdict::expired;
  return socket::PeerVerdict::unknown;
}

}  // namespace oberih::transport
