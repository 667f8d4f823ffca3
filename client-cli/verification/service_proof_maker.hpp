// SPDX-License-Identifier: Apache-2.0
// Makes the proof of service of a hearing from what this device has verified, with proofs of
// inclusion that the server gives.
#pragma once

#include "client-cli/verification/client_session.hpp"
#include "protocol/evidence/service_proof.hpp"

namespace oberih::client {

/// With the hearing's own texts that open here, and the names of those who signed them. It is
/// verified before it is given out. Refusals: unavailable where no checkpoint covers the newest
/// entries yet, not_found, cannot_open, and what the server says.
/// INVARIANT: the channel is pulled, a session is open.
Result<evidence::ServiceProof> make_service_proof(ClientSession& session, VerifiedChannel& channel,
                                                  const HearingId& hearing);

}  // namespace oberih::client
