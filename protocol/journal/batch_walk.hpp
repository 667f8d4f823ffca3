// SPDX-License-Identifier: Apache-2.0
// The batch proof (batch_proof.hpp) of some leaves of a tree whose leaves pass by once, in order:
// needs room for the proof and the right edge of the tree, never for the tree.
#pragma once

#include "protocol/journal/proof.hpp"

namespace oberih::journal {

class BatchProofWalk {
 public:
  enum class Leaf { shown, beside };

  /// The next leaf of the tree. Throws std::logic_error when the tree is full.
  void add(const Digest& leaf_hash, Leaf leaf);
  std::uint64_t size() const { return size_; }
  /// The proof of the shown leaves in the tree as it is; empty where none is shown.
  ProofPath make() const;

 private:
  /// A complete subtree: its root where none of its leaves is shown, else what the proof says of
  /// it.
  struct Subtree {
    bool has_shown = false;
    ProofPath hashes;
  };
  static Subtree join(Subtree left, Subtree right);

  std::uint64_t size_ = 0;
  std::vector<Subtree> edge_;  // from left to right, one for each 1 bit of the size
};

}  // namespace oberih::journal
