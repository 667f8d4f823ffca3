// SPDX-License-Identifier: Apache-2.0
#include "protocol/journal/proof.hpp"

#include <algorithm>
#include <bit>
#include <stdexcept>

namespace oberih::journal {
namespace {

Refusal reject(std::string why) { return refuse(RefusalCode::verification_failed, std::move(why)); }

std::uint64_t split_of(std::uint64_t size) { return std::bit_floor(size - 1); }

// Root over leaves [begin, end); begin is a multiple of the largest power of two in the range.
Digest root_of_range(std::uint64_t begin, std::uint64_t end, const NodeReader& read_node) {
  std::uint64_t size = end - begin;
  if (std::has_single_bit(size)) {
    auto level = static_cast<unsigned>(std::countr_zero(size));
    return read_node(level, begin >> level);
  }
  std::uint64_t middle = begin + split_of(size);
  Digest left = root_of_range(begin, middle, read_node);
  return hash_children(left, root_of_range(middle, end, read_node));
}

NodeReader reader_of(std::span<const Digest> leaf_hashes) {
  return [leaf_hashes](unsigned level, std::uint64_t index) {
    return merkle_root(leaf_hashes.subspan(index << level, std::uint64_t{1} << level));
  };
}

// The old tree is one side of each step downwards; RFC 9162, 2.1.4.1 (SUBPROOF).
void append_subproof(std::uint64_t old_size, std::uint64_t begin, std::uint64_t end, bool whole,
                     const NodeReader& read_node, ProofPath& path) {
  if (begin + old_size == end) {
    if (!whole) path.push_back(root_of_range(begin, end, read_node));
    return;
  }
  std::uint64_t split = split_of(end - begin);
  std::uint64_t middle = begin + split;
  if (old_size <= split) {
    append_subproof(old_size, begin, middle, whole, read_node, path);
    path.push_back(root_of_range(middle, end, read_node));
  } else {
    append_subproof(old_size - split, middle, end, false, read_node, path);
    path.push_back(root_of_range(begin, middle, read_node));
  }
}

// The old tree is the empty one or the new one itself.
Result<> verify_without_proof(std::uint64_t old_size, const Digest& old_root,
                              std::uint64_t new_size, const Digest& new_root,
                              std::span<const Digest> path) {
  if (!path.empty()) return reject("the consistency proof is too long");
  if (old_size == 0 && old_root != empty_root())
    return reject("the root of size 0 is not that of the empty tree");
  if (old_size == new_size && old_root != new_root)
    return reject("two trees of the same size have different roots");
  return {};
}

}  // namespace

ProofPath prove_inclusion(std::uint64_t index, std::uint64_t size, const NodeReader& read_node) {
  if (index >= size || size > max_tree_size) throw std::logic_error("no such leaf in the tree");
  ProofPath path;
  std::uint64_t begin = 0;
  for (std::uint64_t end = size; end - begin > 1;) {
    std::uint64_t middle = begin + split_of(end - begin);
    bool is_left = index < middle;
    path.push_back(is_left ? root_of_range(middle, end, read_node)
                           : root_of_range(begin, middle, read_node));
    (is_left ? end : begin) = middle;
  }
  std::reverse(path.begin(), path.end());
  return path;
}

ProofPath prove_consistency(std::uint64_t old_size, std::uint64_t new_size,
                            const NodeReader& read_node) {
  if (old_size > new_size || new_size > max_tree_size)
    throw std::logic_error("no such trees to compare");
  ProofPath path;
  if (old_size > 0) append_subproof(old_size, 0, new_size, true, read_node, path);
  return path;
}

ProofPath prove_inclusion(std::uint64_t index, std::span<const Digest> leaf_hashes) {
  return prove_inclusion(index, leaf_hashes.size(), reader_of(leaf_hashes));
}

ProofPath prove_consistency(std::uint64_t old_size, std::span<const Digest> leaf_hashes) {
  return prove_consistency(old_size, leaf_hashes.size(), reader_of(leaf_hashes));
}

Result<> verify_inclusion(const Digest& leaf_hash, std::uint64_t index, std::uint64_t size,
                          const Digest& root, std::span<const Digest> path) {
  if (size > max_tree_size) return reject("the tree is too large");
  if (index >= size) return reject("the leaf lies outside of the tree");
  // RFC 9162, 2.1.3.2: place and last are those of the node so far and of the level's last node.
  std::uint64_t place = index;
  std::uint64_t last = size - 1;
  Digest computed = leaf_hash;
  for (const Digest& sibling : path) {
    if (last == 0) return reject("the inclusion proof is too long");
    if (place % 2 == 1 || place == last) {
      computed = hash_children(sibling, computed);
      // A last node without a sibling is its own parent.
      for (; place % 2 == 0 && place != 0; last >>= 1) place >>= 1;
    } else {
      computed = hash_children(computed, sibling);
    }
    place >>= 1;
    last >>= 1;
  }
  if (last != 0) return reject("the inclusion proof is too short");
  if (computed != root) return reject("the inclusion proof leads to another root");
  return {};
}

Result<> verify_consistency(std::uint64_t old_size, const Digest& old_root, std::uint64_t new_size,
                            const Digest& new_root, std::span<const Digest> path) {
  if (new_size > max_tree_size) return reject("the tree is too large");
  if (old_size > new_size) return reject("the tree has become smaller");
  if (old_size == 0 || old_size == new_size)
    return verify_without_proof(old_size, old_root, new_size, new_root, path);
  if (path.empty()) return reject("the consistency proof is too short");
  // RFC 9162, 2.1.4.2. A complete old tree is itself the first node, and the proof leaves it out.
  bool old_is_complete = std::has_single_bit(old_size);
  std::uint64_t place = old_size - 1;
  std::uint64_t last = new_size - 1;
  for (; place % 2 == 1; place >>= 1) last >>= 1;
  Digest old_computed = old_is_complete ? old_root : path.front();
  Digest new_computed = old_computed;
  for (const Digest& sibling : path.subspan(old_is_complete ? 0 : 1)) {
    if (last == 0) return reject("the consistency proof is too long");
    if (place % 2 == 1 || place == last) {
      old_computed = hash_children(sibling, old_computed);
      new_computed = hash_children(sibling, new_computed);
      for (; place % 2 == 0 && place != 0; last >>= 1) place >>= 1;
    } else {
      new_computed = hash_children(new_computed, sibling);
    }
    place >>= 1;
    last >>= 1;
  }
  if (last != 0) return reject("the consistency proof is too short");
  if (old_computed != old_root) return reject("the consistency proof leads to another old root");
  if (new_computed != new_root) return reject("the consistency proof leads to another new root");
  return {};
}

}  // namespace oberih::journal
