// SPDX-License-Identifier: Apache-2.0
// Inclusion and consistency proofs of RFC 9162, 2.1.3 and 2.1.4 (the same as RFC 6962).
#pragma once

#include <functional>

#include "protocol/journal/merkle_tree.hpp"

namespace oberih::journal {

using ProofPath = std::vector<Digest>;  // from the leaf upwards

/// Root of the complete subtree over leaves [index << level, (index + 1) << level).
using NodeReader = std::function<Digest(unsigned level, std::uint64_t index)>;

/// Path of leaf `index` in the tree of `size` leaves. Throws std::logic_error unless index < size.
ProofPath prove_inclusion(std::uint64_t index, std::uint64_t size, const NodeReader& read_node);
/// Throws std::logic_error unless old_size <= new_size. Empty for equal sizes and for size 0.
ProofPath prove_consistency(std::uint64_t old_size, std::uint64_t new_size,
                            const NodeReader& read_node);

/// The same for a tree whose leaf hashes are all at hand.
ProofPath prove_inclusion(std::uint64_t index, std::span<const Digest> leaf_hashes);
ProofPath prove_consistency(std::uint64_t old_size, std::span<const Digest> leaf_hashes);

/// Refusal: verification_failed with what is wrong (too long, too short, another root).
Result<> verify_inclusion(const Digest& leaf_hash, std::uint64_t index, std::uint64_t size,
                          const Digest& root, std::span<const Digest> path);
/// From size 0 only the empty root with an empty path is consistent: every tree extends the empty
/// one (RFC 9162 defines no proof for it), and a first connect has just this to offer.
Result<> verify_consistency(std::uint64_t old_size, const Digest& old_root, std::uint64_t new_size,
                            const Digest& new_root, std::span<const Digest> path);

}  // namespace oberih::journal
