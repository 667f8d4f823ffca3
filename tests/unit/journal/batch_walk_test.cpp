// SPDX-License-Identifier: Apache-2.0
#include "protocol/journal/batch_walk.hpp"

#include <gtest/gtest.h>

#include "protocol/journal/batch_proof.hpp"

namespace oberih::journal {
namespace {

std::vector<Digest> made_leaves(std::uint64_t count) {
  std::vector<Digest> hashes;
  for (std::uint64_t i = 0; i < count; ++i)
    hashes.push_back(hash_leaf(as_bytes("leaf " + std::to_string(i))));
  return hashes;
}

// Every set of leaves of every small tree: the walk gives the one proof that there is.
TEST(BatchProofWalk, gives_the_proof_that_the_tree_demands) {
  for (std::uint64_t size = 1; size <= 9; ++size) {
    const std::vector<Digest> hashes = made_leaves(size);
    for (std::uint64_t shown = 1; shown < (std::uint64_t{1} << size); ++shown) {
      BatchProofWalk walk;
      std::vector<IndexedHash> leaves;
      for (std::uint64_t i = 0; i < size; ++i) {
        const bool is_shown = (shown >> i & 1) != 0;
        walk.add(hashes[i], is_shown ? BatchProofWalk::Leaf::shown : BatchProofWalk::Leaf::beside);
        if (is_shown) leaves.push_back({i, hashes[i]});
      }
      const auto verified = verify_batch(leaves, size, merkle_root(hashes), walk.make());
      ASSERT_TRUE(verified) << size << " leaves, set " << shown << ": " << verified.error().detail;
    }
  }
}

TEST(BatchProofWalk, proves_nothing_where_no_leaf_is_shown) {
  BatchProofWalk walk;
  EXPECT_TRUE(walk.make().empty());
  for (const Digest& hash : made_leaves(5)) walk.add(hash, BatchProofWalk::Leaf::beside);
  EXPECT_TRUE(walk.make().empty());
  EXPECT_EQ(walk.size(), 5U);
}

}  // namespace
}  // namespace oberih::journal
