// SPDX-License-Identifier: Apache-2.0
// One published case of a Merkle proof (RFC 9162), as JSON with base64: inclusion has leafIdx, end
// (or treeSize), root, leafHash, proof, wantErr; consistency size1, size2, root1, root2, proof,
// wantErr.
#pragma once

#include "vector_report.hpp"

namespace oberih::vectors {

/// Whether the journal's verifier gives the verdict that the case wants.
VectorReport check_proof_text(std::string_view text);

}  // namespace oberih::vectors
