// SPDX-License-Identifier: Apache-2.0
#include "protocol/journal/batch_walk.hpp"

#include <stdexcept>

namespace oberih::journal {

BatchProofWalk::Subtree BatchProofWalk::join(Subtree left, Subtree right) {
  if (!left.has_shown && !right.has_shown)
    return {false, {hash_children(left.hashes.front(), right.hashes.front())}};
  left.has_shown = true;
  left.hashes.insert(left.hashes.end(), right.hashes.begin(), right.hashes.end());
  return left;
}

void BatchProofWalk::add(const Digest& leaf_hash, Leaf leaf) {
  if (size_ >= max_tree_size) throw std::logic_error("the tree is full");
  Subtree grown;
  grown.has_shown = leaf == Leaf::shown;
  if (!grown.has_shown) grown.hashes.push_back(leaf_hash);
  for (std::uint64_t bits = size_; (bits & 1) != 0; bits >>= 1) {
    grown = join(std::move(edge_.back()), std::move(grown));
    edge_.pop_back();
  }
  edge_.push_back(std::move(grown));
  ++size_;
}

ProofPath BatchProofWalk::make() const {
  if (edge_.empty()) return {};
  Subtree whole = edge_.back();
  for (std::size_t place = edge_.size() - 1; place-- > 0;) whole = join(edge_[place], whole);
  return whole.has_shown ? std::move(whole.hashes) : ProofPath{};
}

}  // namespace oberih::journal
