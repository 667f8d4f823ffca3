// SPDX-License-Identifier: Apache-2.0
#include "server/transport/peer_identity.hpp"

namespace oberih::transport {

socket::PeerVerdict judge_peer(const application::Services& services, const Digest& spki) {
  auto caller = application::identify_caller(services, spki);
  if (caller) return socket::PeerVerdict::accepted;
  RefusalCode code = caller.error().code;
  if (code == RefusalCode::device_revoked) return socket::PeerVerdict::revoked;
  if (code == RefusalCode::certificate_expired) return socket::PeerVerdict::expired;
  return socket::PeerVerdict::unknown;
}

}  // namespace oberih::transport
