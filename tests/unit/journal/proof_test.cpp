// SPDX-License-Identifier: Apache-2.0
#include "protocol/journal/proof.hpp"

#include "tests/unit/journal/known_tree.hpp"

namespace oberih::journal {
namespace {

ProofPath path_of(std::initializer_list<std::string_view> hashes) {
  ProofPath path;
  for (std::string_view hash : hashes) path.push_back(digest_of(hash));
  return path;
}

void expect_refused(const Result<>& result, std::string_view detail) {
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, RefusalCode::verification_failed);
  EXPECT_NE(result.error().detail.find(detail), std::string::npos) << result.error().detail;
}

Digest flipped(Digest digest) {
  digest.bytes[0] ^= 1;
  return digest;
}

}  // namespace

TEST(Proof, reproduces_the_known_inclusion_paths) {
  std::vector<Digest> hashes = known_leaf_hashes();
  EXPECT_EQ(prove_inclusion(0, first(hashes, 1)), ProofPath{});
  EXPECT_EQ(prove_inclusion(0, first(hashes, 8)),
            path_of({"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                     "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                     "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}));
  EXPECT_EQ(prove_inclusion(5, first(hashes, 8)),
            path_of({"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                     "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                     "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}));
}

TEST(Proof, reproduces_the_known_consistency_proofs) {
  std::vector<Digest> hashes = known_leaf_hashes();
  EXPECT_EQ(prove_consistency(1, first(hashes, 1)), ProofPath{});
  EXPECT_EQ(prove_consistency(1, first(hashes, 8)),
            path_of({"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                     "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                     "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}));
  EXPECT_EQ(prove_consistency(6, first(hashes, 8)),
            path_of({"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                     "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                     "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}));
  EXPECT_EQ(prove_consistency(2, first(hashes, 5)),
            path_of({"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                     "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}));
}

TEST(Proof, every_leaf_of_every_small_tree_is_proven) {
  std::vector<Digest> hashes = numbered_leaf_hashes(40);
  for (std::size_t size = 1; size <= hashes.size(); ++size) {
    Digest root = merkle_root(first(hashes, size));
    for (std::size_t i = 0; i < size; ++i) {
      ProofPath path = prove_inclusion(i, first(hashes, size));
      EXPECT_TRUE(verify_inclusion(hashes[i], i, size, root, path)) << i << " of " << size;
      EXPECT_FALSE(verify_inclusion(flipped(hashes[i]), i, size, root, path));
      EXPECT_FALSE(verify_inclusion(hashes[i], i, size, flipped(root), path));
      // The same leaf at no other place.
      for (std::size_t other = 0; other < size; ++other) {
        if (other != i) {
          EXPECT_FALSE(verify_inclusion(hashes[i], other, size, root, path));
        }
      }
    }
  }
}

TEST(Proof, every_small_tree_extends_every_smaller_one) {
  std::vector<Digest> hashes = numbered_leaf_hashes(40);
  for (std::size_t size = 0; size <= hashes.size(); ++size) {
    Digest root = merkle_root(first(hashes, size));
    for (std::size_t old_size = 0; old_size <= size; ++old_size) {
      Digest old_root = merkle_root(first(hashes, old_size));
      ProofPath path = prove_consistency(old_size, first(hashes, size));
      EXPECT_TRUE(verify_consistency(old_size, old_root, size, root, path))
          << old_size << " to " << size;
      EXPECT_FALSE(verify_consistency(old_size, flipped(old_root), size, root, path));
      // The root of a tree that extends the empty one can be any.
      if (old_size > 0) {
        EXPECT_FALSE(verify_consistency(old_size, old_root, size, flipped(root), path));
      }
    }
  }
}

TEST(Proof, too_long_too_short_and_changed_ones_are_refused) {
  std::vector<Digest> hashes = numbered_leaf_hashes(13);
  Digest root = merkle_root(hashes), old_root = merkle_root(first(hashes, 6));
  ProofPath inclusion = prove_inclusion(4, hashes), consistency = prove_consistency(6, hashes);
  for (std::size_t i = 0; i < inclusion.size(); ++i) {
    ProofPath changed = inclusion;
    changed[i] = flipped(changed[i]);
    expect_refused(verify_inclusion(hashes[4], 4, 13, root, changed), "another root");
    expect_refused(verify_inclusion(hashes[4], 4, 13, root, std::span(inclusion).first(i)),
                   "too short");
  }
  for (std::size_t i = 0; i < consistency.size(); ++i) {
    ProofPath changed = consistency;
    changed[i] = flipped(changed[i]);
    expect_refused(verify_consistency(6, old_root, 13, root, changed), "root");
    expect_refused(verify_consistency(6, old_root, 13, root, std::span(consistency).first(i)),
                   "too short");
  }
  inclusion.push_back(root);
  expect_refused(verify_inclusion(hashes[4], 4, 13, root, inclusion), "too long");
  consistency.push_back(root);
  expect_refused(verify_consistency(6, old_root, 13, root, consistency), "too long");
  expect_refused(verify_inclusion(hashes[0], 0, 1, hashes[0], ProofPath{root}), "too long");
  expect_refused(verify_consistency(13, root, 13, root, ProofPath{root}), "too long");
  expect_refused(verify_consistency(0, empty_root(), 13, root, ProofPath{root}), "too long");
}

TEST(Proof, leaves_outside_and_shrinking_trees_are_refused) {
  std::vector<Digest> hashes = numbered_leaf_hashes(4);
  Digest root = merkle_root(hashes);
  expect_refused(verify_inclusion(hashes[0], 0, 0, empty_root(), {}), "outside");
  expect_refused(verify_inclusion(hashes[0], 4, 4, root, prove_inclusion(0, hashes)), "outside");
  expect_refused(verify_consistency(4, root, 3, merkle_root(first(hashes, 3)), {}), "smaller");
  expect_refused(verify_consistency(4, root, 0, empty_root(), {}), "smaller");
  expect_refused(verify_consistency(4, root, 4, flipped(root), {}), "different roots");
  expect_refused(verify_consistency(0, empty_root(), 0, root, {}), "different roots");
  expect_refused(verify_consistency(0, root, 4, root, {}), "empty tree");
  EXPECT_THROW(prove_inclusion(4, hashes), std::logic_error);
  EXPECT_THROW(prove_consistency(5, hashes), std::logic_error);
}

// A tree in which all leaves are equal has one hash for each level, so that its proofs are known
// up to the largest size.
TEST(Proof, holds_up_to_the_largest_tree_and_not_beyond) {
  std::vector<Digest> levels = {hash_leaf(as_bytes("leaf"))};
  for (int i = 0; i < 63; ++i) levels.push_back(hash_children(levels.back(), levels.back()));
  NodeReader read_node = [&](unsigned level, std::uint64_t) { return levels.at(level); };
  std::uint64_t size = max_tree_size;
  for (std::uint64_t index : {std::uint64_t{0}, std::uint64_t{1} << 62, size - 1}) {
    ProofPath path = prove_inclusion(index, size, read_node);
    EXPECT_EQ(path.size(), 63u);
    EXPECT_TRUE(verify_inclusion(levels[0], index, size, levels[63], path));
  }
  ProofPath path = prove_consistency(std::uint64_t{1} << 62, size, read_node);
  EXPECT_TRUE(verify_consistency(std::uint64_t{1} << 62, levels[62], size, levels[63], path));
  expect_refused(verify_inclusion(levels[0], 0, size + 1, levels[63], path), "too large");
  expect_refused(verify_inclusion(levels[0], 0, UINT64_MAX, levels[63], path), "too large");
  expect_refused(verify_consistency(1, levels[0], size + 1, levels[63], path), "too large");
}

}  // namespace oberih::journal
