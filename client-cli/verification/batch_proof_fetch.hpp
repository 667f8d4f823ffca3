// SPDX-License-Identifier: Apache-2.0
// One proof for many leaves, as evidence files hold it.
#pragma once

#include "client-cli/verification/client_session.hpp"
#include "protocol/journal/checkpoint.hpp"

namespace oberih::client {

/// That all these leaves stand in the checkpoint's tree: asked for in portions, and each path
/// verified before it counts. Refusals: interrupted (the session is cancelled), verification_failed
/// and what the server answers.
Result<journal::ProofPath> fetch_batch_proof(ClientSession& session,
                                             std::span<const PlacedLeaf> leaves,
                                             const journal::Checkpoint& checkpoint);

}  // namespace oberih::client
