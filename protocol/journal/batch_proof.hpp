// SPDX-License-Identifier: Apache-2.0
// One proof that many leaves stand in one tree: neighbours share most of their hashes, and each is
// given once. There is exactly one such proof for a tree and a set of leaves.
#pragma once

#include <map>
#include <set>
#include <utility>

#include "protocol/journal/proof.hpp"

namespace oberih::journal {

struct IndexedHash {
  std::uint64_t index = 0;
  Digest hash;  // of the leaf
};

/// Joins inclusion proofs of single leaves, as a server gives them, in one tree of `size` leaves.
class BatchProofMaker {
 public:
  explicit BatchProofMaker(std::uint64_t size) : size_(size) {}

  /// REQUIRES: verified, of a leaf below size.
  void add(std::uint64_t index, const ProofPath& path);
  /// The roots of the subtrees without any of the leaves, from left to right.
  ProofPath make() const;

 private:
  void append(std::uint64_t begin, std::uint64_t end, ProofPath& hashes) const;

  std::uint64_t size_;
  std::set<std::uint64_t> leaves_;                                    // indexes
  std::map<std::pair<std::uint64_t, std::uint64_t>, Digest> beside_;  // by [begin, end)
};

/// The leaves stand in the tree with that root. Refusal: verification_failed, also where indexes do
/// not rise, lie outside of the tree, or hashes are missing or left over.
Result<> verify_batch(std::span<const IndexedHash> leaves, std::uint64_t size, const Digest& root,
                      std::span<const Digest> hashes);

}  // namespace oberih::journal
