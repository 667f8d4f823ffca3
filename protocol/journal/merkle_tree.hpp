// SPDX-License-Identifier: Apache-2.0
// The Merkle tree of RFC 6962 over SHA-256: leaf `H(0x00||data)`, node `H(0x01||left||right)`,
// empty tree `H("")`, split at the largest power of two below n.
#pragma once

#include <span>

#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"

namespace oberih::journal {

/// Larger trees are refused everywhere.
inline constexpr std::uint64_t max_tree_size = std::uint64_t{1} << 63;

Digest hash_leaf(ByteView data);
Digest hash_children(const Digest& left, const Digest& right);
const Digest& empty_root();

/// Root of the tree over these leaf hashes.
Digest merkle_root(std::span<const Digest> leaf_hashes);

/// The right edge of a growing tree: at most 63 hashes, enough to append and to know the root.
class MerkleFrontier {
 public:
  /// Throws std::logic_error when the tree is full.
  void append(const Digest& leaf_hash);
  Digest root() const;
  std::uint64_t size() const { return size_; }
  /// Roots of the complete subtrees from left to right, one for each 1 bit of the size.
  const std::vector<Digest>& hashes() const { return hashes_; }

  /// ON DISK: `u64 size || hashes`, from left to right.
  Bytes encode() const;
  /// Refusal: malformed_object.
  static Result<MerkleFrontier> parse(ByteView data);

  bool operator==(const MerkleFrontier&) const = default;

 private:
  std::uint64_t size_ = 0;
  std::vector<Digest> hashes_;
};

}  // namespace oberih::journal
