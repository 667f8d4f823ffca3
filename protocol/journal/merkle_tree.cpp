// SPDX-License-Identifier: Apache-2.0
#include "protocol/journal/merkle_tree.hpp"

#include <bit>
#include <stdexcept>

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/crypto/digest.hpp"

namespace oberih::journal {
namespace {

constexpr ByteArray<1> leaf_prefix = {0x00};
constexpr ByteArray<1> node_prefix = {0x01};

}  // namespace

Digest hash_leaf(ByteView data) { return crypto::sha256({leaf_prefix, data}); }

Digest hash_children(const Digest& left, const Digest& right) {
  return crypto::sha256({node_prefix, left.view(), right.view()});
}

const Digest& empty_root() {
  static const Digest root = crypto::sha256(ByteView{});
  return root;
}

Digest merkle_root(std::span<const Digest> leaf_hashes) {
  MerkleFrontier frontier;
  for (const Digest& hash : leaf_hashes) frontier.append(hash);
  return frontier.root();
}

void MerkleFrontier::append(const Digest& leaf_hash) {
  if (size_ == max_tree_size) throw std::logic_error("the tree is full");
  hashes_.push_back(leaf_hash);
  // Each 1 bit at the low end is a complete subtree that the new leaf completes to a larger one.
  for (int merges = std::countr_one(size_); merges > 0; --merges) {
    Digest right = hashes_.back();
    hashes_.pop_back();
    hashes_.back() = hash_children(hashes_.back(), right);
  }
  ++size_;
}

Digest MerkleFrontier::root() const {
  if (hashes_.empty()) return empty_root();
  Digest root = hashes_.back();
  for (std::size_t i = hashes_.size() - 1; i > 0; --i) root = hash_children(hashes_[i - 1], root);
  return root;
}

Bytes MerkleFrontier::encode() const {
  ByteWriter writer(8 + hashes_.size() * Digest::size);
  writer.u64(size_);
  for (const Digest& hash : hashes_) writer.raw(hash);
  return writer.take();
}

Result<MerkleFrontier> MerkleFrontier::parse(ByteView data) {
  ByteReader reader(data);
  MerkleFrontier frontier;
  frontier.size_ = reader.u64();
  if (reader.failed() || frontier.size_ > max_tree_size)
    return refuse(RefusalCode::malformed_object, "the frontier's size is out of range");
  for (int count = std::popcount(frontier.size_); count > 0; --count)
    frontier.hashes_.push_back(reader.id<Digest>());
  if (!reader.complete())
    return refuse(RefusalCode::malformed_object, "the frontier has the wrong number of hashes");
  return frontier;
}

}  // namespace oberih::journal
