// SPDX-License-Identifier: Apache-2.0
#include "protocol/journal/batch_proof.hpp"

#include <algorithm>
#include <bit>
#include <stdexcept>

namespace oberih::journal {
namespace {

Refusal reject_batch(std::string why) {
  return refuse(RefusalCode::verification_failed, std::move(why));
}

/// Where the tree over leaves [begin, end) is parted (RFC 9162, 2.1.1).
std::uint64_t middle_of(std::uint64_t begin, std::uint64_t end) {
  return begin + std::bit_floor(end - begin - 1);
}

/// The root that the leaves and the hashes lead to; both are used up from left to right.
class BatchRoot {
 public:
  BatchRoot(std::span<const IndexedHash> leaves, std::span<const Digest> hashes)
      : leaves_(leaves), hashes_(hashes) {}

  Digest compute(std::uint64_t begin, std::uint64_t end) {
    if (leaves_.empty() || leaves_.front().index >= end) return next_hash();
    if (end - begin == 1) {
      const Digest hash = leaves_.front().hash;
      leaves_ = leaves_.subspan(1);
      return hash;
    }
    const std::uint64_t middle = middle_of(begin, end);
    const Digest left = compute(begin, middle);
    return hash_children(left, compute(middle, end));
  }
  bool is_short() const { return is_short_; }
  bool has_rest() const { return !hashes_.empty(); }

 private:
  Digest next_hash() {
    if (hashes_.empty()) {
      is_short_ = true;
      return {};
    }
    const Digest hash = hashes_.front();
    hashes_ = hashes_.subspan(1);
    return hash;
  }

  std::span<const IndexedHash> leaves_;
  std::span<const Digest> hashes_;
  bool is_short_ = false;
};

}  // namespace

void BatchProofMaker::add(std::uint64_t index, const ProofPath& path) {
  if (index >= size_ || size_ > max_tree_size) throw std::logic_error("no such leaf in the tree");
  leaves_.insert(index);
  std::uint64_t begin = 0;
  auto next = path.rbegin();  // from the root downwards
  for (std::uint64_t end = size_; end - begin > 1 && next != path.rend(); ++next) {
    const std::uint64_t middle = middle_of(begin, end);
    if (index < middle) {
      beside_[{middle, end}] = *next;
      end = middle;
    } else {
      beside_[{begin, middle}] = *next;
      begin = middle;
    }
  }
}

ProofPath BatchProofMaker::make() const {
  ProofPath hashes;
  if (!leaves_.empty()) append(0, size_, hashes);
  return hashes;
}

void BatchProofMaker::append(std::uint64_t begin, std::uint64_t end, ProofPath& hashes) const {
  const auto next = leaves_.lower_bound(begin);
  if (next == leaves_.end() || *next >= end) {
    const auto found = beside_.find({begin, end});
    if (found == beside_.end()) throw std::logic_error("a path of the batch is too short");
    hashes.push_back(found->second);
    return;
  }
  if (end - begin == 1) return;
  const std::uint64_t middle = middle_of(begin, end);
  append(begin, middle, hashes);
  append(middle, end, hashes);
}

Result<> verify_batch(std::span<const IndexedHash> leaves, std::uint64_t size, const Digest& root,
                      std::span<const Digest> hashes) {
  if (size > max_tree_size) return reject_batch("the tree is too large");
  if (leaves.empty() || leaves.back().index >= size)
    return reject_batch("a leaf lies outside of the tree");
  const auto does_not_rise = [](const IndexedHash& a, const IndexedHash& b) {
    return a.index >= b.index;
  };
  if (std::adjacent_find(leaves.begin(), leaves.end(), does_not_rise) != leaves.end())
    return reject_batch("the indexes of the leaves do not rise");
  BatchRoot computing(leaves, hashes);
  const Digest computed = computing.compute(0, size);
  if (computing.is_short()) return reject_batch("the inclusion proof is too short");
  if (computing.has_rest()) return reject_batch("the inclusion proof is too long");
  if (computed != root) return reject_batch("the inclusion proof leads to another root");
  return {};
}

}  // namespace oberih::journal
