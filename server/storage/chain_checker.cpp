// SPDX-License-Identifier: Apache-2.0
#include "server/storage/chain_checker.hpp"

namespace oberih::storage {

bool ChainChecker::check(const journal::Leaf& leaf, std::uint64_t index, const Digest& leaf_hash) {
  if (leaf.channel_seq == 0) return true;
  End& end = ends_[leaf.channel_id];
  End before = end;
  end = {index, leaf.channel_seq, leaf_hash};
  std::string chain = leaf.channel_id.is_zero() ? "the directory" : "its channel";
  if (leaf.channel_seq != before.channel_seq + 1) {
    report_.add(index, "Sequence " + std::to_string(leaf.channel_seq) + " of " + chain +
                           " follows " + std::to_string(before.channel_seq) +
                           ": a leaf is missing, doubled or out of its place.");
    return false;
  }
  if (before.channel_seq == 0 ? !leaf.prev_leaf.is_zero() : leaf.prev_leaf != before.leaf_hash) {
    if (before.channel_seq == 0)
      report_.add(index, "The first leaf of " + chain + " names a leaf before it.");
    else
      report_.add(before.index, "The next leaf of " + chain + ", " + leaf_name(index) +
                                    ", names another hash: one of the two was changed.");
    return false;
  }
  return true;
}

}  // namespace oberih::storage
