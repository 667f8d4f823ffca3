// SPDX-License-Identifier: Apache-2.0
// Tiles for plain HTTP, and proof.consistency and proof.inclusion: what anybody with a certified
// device may ask about the tree, never beyond the newest signed checkpoint.
#pragma once

#include "protocol/wire/proofs.hpp"
#include "server/application/services.hpp"

namespace oberih::application {

/// Refusals: forbidden (bundles of leaves are for auditors), not_found (no such tile in the tree
/// that is signed), unavailable (nothing is signed yet).
void read_tile(const Services& services, const domain::Caller& caller,
               const journal::TileAddress& tile, Answer<Bytes> done);

void prove_consistency(const Services& services, const domain::Caller& caller,
                       const wire::ProofConsistency& request, Answer<wire::Proofs> done);
void prove_inclusion(const Services& services, const domain::Caller& caller,
                     const wire::ProofInclusion& request, Answer<wire::Proofs> done);

}  // namespace oberih::application
