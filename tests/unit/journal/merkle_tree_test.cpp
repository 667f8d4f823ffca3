// SPDX-License-Identifier: Apache-2.0
#include "protocol/journal/merkle_tree.hpp"

#include <bit>

#include "protocol/base/byte_writer.hpp"
#include "tests/unit/journal/known_tree.hpp"

namespace oberih::journal {
namespace {

// RFC 6962, 2.1, word for word; slow and independent of the frontier.
Digest defined_root(std::span<const Digest> hashes) {
  if (hashes.empty()) return empty_root();
  if (hashes.size() == 1) return hashes.front();
  std::size_t split = std::bit_floor(hashes.size() - 1);
  return hash_children(defined_root(hashes.first(split)), defined_root(hashes.subspan(split)));
}

}  // namespace

TEST(MerkleTree, reproduces_the_known_roots) {
  std::vector<Digest> hashes = known_leaf_hashes();
  MerkleFrontier frontier;
  for (std::size_t size = 0; size <= hashes.size(); ++size) {
    EXPECT_EQ(merkle_root(first(hashes, size)), digest_of(known_roots[size])) << size;
    EXPECT_EQ(frontier.root(), digest_of(known_roots[size])) << size;
    EXPECT_EQ(frontier.size(), size);
    if (size < hashes.size()) frontier.append(hashes[size]);
  }
}

TEST(MerkleTree, the_frontier_agrees_with_the_definition) {
  std::vector<Digest> hashes = numbered_leaf_hashes(300);
  MerkleFrontier frontier;
  for (std::size_t size = 0; size <= hashes.size(); ++size) {
    EXPECT_EQ(frontier.root(), defined_root(first(hashes, size))) << size;
    EXPECT_EQ(frontier.hashes().size(), static_cast<std::size_t>(std::popcount(size)));
    if (size < hashes.size()) frontier.append(hashes[size]);
  }
}

TEST(MerkleTree, a_frontier_goes_on_after_it_was_stored) {
  MerkleFrontier frontier;
  for (const Digest& hash : numbered_leaf_hashes(77)) {
    auto stored = MerkleFrontier::parse(frontier.encode());
    ASSERT_TRUE(stored);
    EXPECT_EQ(*stored, frontier);
    stored->append(hash);
    frontier.append(hash);
    EXPECT_EQ(stored->root(), frontier.root());
  }
}

TEST(MerkleTree, refuses_a_malformed_frontier) {
  MerkleFrontier frontier;
  for (const Digest& hash : numbered_leaf_hashes(7)) frontier.append(hash);
  Bytes encoded = frontier.encode();
  EXPECT_EQ(encoded.size(), 8u + 3 * 32);
  for (std::size_t size = 0; size < encoded.size(); ++size) {
    auto refused = MerkleFrontier::parse(ByteView(encoded).first(size));
    ASSERT_FALSE(refused) << size;
    EXPECT_EQ(refused.error().code, RefusalCode::malformed_object);
  }
  Bytes longer = encoded;
  longer.push_back(0);
  EXPECT_FALSE(MerkleFrontier::parse(longer));
  Bytes too_large = ByteWriter().u64(max_tree_size + 1).raw(Bytes(64)).take();
  EXPECT_FALSE(MerkleFrontier::parse(too_large));
}

TEST(MerkleTree, is_full_at_the_largest_size) {
  auto full = MerkleFrontier::parse(ByteWriter().u64(max_tree_size).raw(Bytes(32)).take());
  ASSERT_TRUE(full);
  EXPECT_THROW(full->append(Digest{}), std::logic_error);
  auto nearly =
      MerkleFrontier::parse(ByteWriter().u64(max_tree_size - 1).raw(Bytes(63 * 32)).take());
  ASSERT_TRUE(nearly);
  nearly->append(Digest{});
  EXPECT_EQ(nearly->hashes().size(), 1u);
}

}  // namespace oberih::journal
