// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/batch_proof_fetch.hpp"

#include <algorithm>

#include "protocol/journal/batch_proof.hpp"

namespace oberih::client {

Result<journal::ProofPath> fetch_batch_proof(ClientSession& session,
                                             std::span<const PlacedLeaf> leaves,
                                             const journal::Checkpoint& checkpoint) {
  journal::BatchProofMaker maker(checkpoint.size);
  while (!leaves.empty()) {
    if (session.is_cancelled()) return refuse(RefusalCode::interrupted);
    const auto portion = leaves.first(std::min(leaves.size(), wire::proofs_at_once));
    leaves = leaves.subspan(portion.size());
    wire::ProofInclusion request{checkpoint.size, {}};
    for (const PlacedLeaf& leaf : portion) request.indexes.push_back(leaf.index);
    Result<wire::Proofs> proofs = session.ask(request);
    if (!proofs) return proofs.error();
    proofs->paths.resize(portion.size());  // one that is missing does not verify
    for (std::size_t i = 0; i < portion.size(); ++i) {
      OBERIH_TRY(journal::verify_inclusion(portion[i].hash, portion[i].index, checkpoint.size,
                                           checkpoint.root, proofs->paths[i]));
      maker.add(portion[i].index, proofs->paths[i]);
    }
  }
  return maker.make();
}

}  // namespace oberih::client
