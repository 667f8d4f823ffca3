// SPDX-License-Identifier: Apache-2.0
#include "protocol/journal/batch_proof.hpp"

#include "known_tree.hpp"

namespace oberih::journal {
namespace {

struct Batch {
  std::vector<IndexedHash> leaves;
  ProofPath hashes;
};

/// Of the leaves whose bits are set.
Batch batch_of(std::span<const Digest> tree, std::uint64_t chosen) {
  Batch batch;
  BatchProofMaker maker(tree.size());
  for (std::uint64_t index = 0; index < tree.size(); ++index) {
    if ((chosen >> index & 1) == 0) continue;
    batch.leaves.push_back({index, tree[index]});
    maker.add(index, prove_inclusion(index, tree));
  }
  batch.hashes = maker.make();
  return batch;
}

std::string verdict(const Result<>& result) { return result ? "proven" : result.error().detail; }

TEST(BatchProof, proves_every_set_of_leaves_of_every_small_tree) {
  const std::vector<Digest> all = numbered_leaf_hashes(9);
  for (std::size_t size = 1; size <= all.size(); ++size) {
    const auto tree = first(all, size);
    const Digest root = merkle_root(tree);
    for (std::uint64_t chosen = 1; chosen < std::uint64_t{1} << size; ++chosen) {
      const Batch batch = batch_of(tree, chosen);
      ASSERT_EQ(verdict(verify_batch(batch.leaves, size, root, batch.hashes)), "proven")
          << size << " leaves, of them " << chosen;
    }
  }
}

TEST(BatchProof, of_one_leaf_holds_the_hashes_of_its_inclusion_proof) {
  const std::vector<Digest> tree = numbered_leaf_hashes(13);
  for (std::uint64_t index = 0; index < tree.size(); ++index) {
    ProofPath batch = batch_of(tree, std::uint64_t{1} << index).hashes;
    ProofPath path = prove_inclusion(index, tree);
    std::sort(batch.begin(), batch.end());
    std::sort(path.begin(), path.end());
    EXPECT_EQ(batch, path) << index;
  }
}

TEST(BatchProof, of_all_leaves_needs_no_hash) {
  EXPECT_TRUE(batch_of(numbered_leaf_hashes(11), 0x7FF).hashes.empty());
}

TEST(BatchProof, fails_in_the_very_thing_that_was_changed) {
  const std::vector<Digest> tree = numbered_leaf_hashes(21);
  const Digest root = merkle_root(tree);
  const Batch good = batch_of(tree, 0b10010000000100110);
  const auto changed = [&](auto change) {
    Batch batch = good;
    change(batch);
    return verdict(verify_batch(batch.leaves, tree.size(), root, batch.hashes));
  };
  EXPECT_EQ(changed([](Batch&) {}), "proven");
  for (std::size_t i = 0; i < good.leaves.size(); ++i)
    EXPECT_EQ(changed([i](Batch& batch) { batch.leaves[i].hash.bytes[3] ^= 4; }),
              "the inclusion proof leads to another root");
  for (std::size_t i = 0; i < good.hashes.size(); ++i)
    EXPECT_EQ(changed([i](Batch& batch) { batch.hashes[i].bytes[3] ^= 4; }),
              "the inclusion proof leads to another root");
  EXPECT_EQ(changed([](Batch& batch) { batch.hashes.pop_back(); }),
            "the inclusion proof is too short");
  EXPECT_EQ(changed([](Batch& batch) { batch.hashes.emplace_back(); }),
            "the inclusion proof is too long");
  EXPECT_EQ(changed([](Batch& batch) { std::swap(batch.leaves[0], batch.leaves[1]); }),
            "the indexes of the leaves do not rise");
  EXPECT_EQ(changed([](Batch& batch) { batch.leaves.push_back(batch.leaves.back()); }),
            "the indexes of the leaves do not rise");
  EXPECT_EQ(changed([](Batch& batch) { batch.leaves.back().index = 21; }),
            "a leaf lies outside of the tree");
  EXPECT_EQ(changed([](Batch& batch) { batch.leaves.clear(); }), "a leaf lies outside of the tree");
}

TEST(BatchProof, refuses_a_tree_that_is_too_large) {
  const std::vector<IndexedHash> leaf{{0, {}}};
  EXPECT_EQ(verdict(verify_batch(leaf, max_tree_size + 1, {}, {})), "the tree is too large");
}

}  // namespace
}  // namespace oberih::journal
