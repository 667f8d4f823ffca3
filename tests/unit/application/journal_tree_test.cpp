// SPDX-License-Identifier: Apache-2.0
#include "server/application/journal_tree.hpp"

#include <gtest/gtest.h>

namespace oberih::application {
namespace {

using journal::TileAddress;
using journal::TileKind;

const std::vector<Digest>& leaf_hashes() {
  static const std::vector<Digest> hashes = [] {
    std::vector<Digest> made;
    for (std::size_t i = 0; i < 70'000; ++i)
      made.push_back(journal::hash_leaf(as_bytes(std::to_string(i))));
    return made;
  }();
  return hashes;
}

Digest root_of(std::uint64_t size) {
  return journal::merkle_root(std::span(leaf_hashes()).first(size));
}

class JournalTreeTest : public testing::Test {
 protected:
  JournalTree tree(std::uint64_t size) {
    return JournalTree(
        size,
        [this](std::uint64_t begin, std::uint64_t end) {
          ++reads;
          most_read = std::max(most_read, end - begin);
          end = std::min(end, available);
          if (begin >= end) return std::vector<Digest>{};
          return std::vector<Digest>(leaf_hashes().begin() + static_cast<std::ptrdiff_t>(begin),
                                     leaf_hashes().begin() + static_cast<std::ptrdiff_t>(end));
        },
        roots);
  }

  TileRoots roots;
  std::size_t reads = 0;
  std::uint64_t most_read = 0;
  std::uint64_t available = 70'000;
};

TEST_F(JournalTreeTest, proves_every_kind_of_leaf_at_every_kind_of_size) {
  for (const std::uint64_t size :
       {1ull, 2ull, 255ull, 256ull, 257ull, 511ull, 65'535ull, 65'536ull, 65'537ull, 70'000ull})
    for (const std::uint64_t index : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{255},
                                      std::uint64_t{256}, size / 2, size - 1}) {
      if (index >= size) continue;
      const auto path = tree(size).prove({ProofWish::What::inclusion, index, size});
      EXPECT_TRUE(journal::verify_inclusion(leaf_hashes()[index], index, size, root_of(size), path))
          << index << " of " << size;
    }
}

TEST_F(JournalTreeTest, proves_that_one_tree_continues_another) {
  const std::uint64_t sizes[] = {1, 255, 256, 257, 65'535, 65'536, 65'537, 70'000};
  for (const std::uint64_t old_size : sizes)
    for (const std::uint64_t size : sizes) {
      if (old_size > size) continue;
      const auto path = tree(size).prove({ProofWish::What::consistency, old_size, size});
      EXPECT_TRUE(
          journal::verify_consistency(old_size, root_of(old_size), size, root_of(size), path))
          << old_size << " to " << size;
    }
}

TEST_F(JournalTreeTest, a_tile_of_level_1_is_read_in_one_go_and_then_not_again) {
  const TileAddress tile{TileKind::hashes, 1, 0, 256};
  const std::vector<Digest> hashes = tree(70'000).tile(tile);
  EXPECT_EQ(reads, 1u);
  EXPECT_EQ(most_read, JournalTree::most_hashes_read);
  ASSERT_EQ(hashes.size(), 256u);
  EXPECT_EQ(hashes[1], journal::merkle_root(std::span(leaf_hashes()).subspan(256, 256)));
  EXPECT_EQ(journal::merkle_root(hashes), root_of(65'536));
  EXPECT_EQ(tree(70'000).tile(tile), hashes);
  EXPECT_EQ(reads, 1u);
  EXPECT_EQ(tree(70'000).tile({TileKind::hashes, 2, 0, 1}).at(0), root_of(65'536));
  EXPECT_EQ(reads, 1u);
}

TEST_F(JournalTreeTest, a_journal_that_lacks_leaves_gives_no_proof) {
  available = 300;
  EXPECT_THROW(tree(400).prove({ProofWish::What::inclusion, 399, 400}), std::runtime_error);
  EXPECT_THROW(tree(400).tile({TileKind::hashes, 0, 1, 144}), std::runtime_error);
  EXPECT_THROW(tree(600).tile({TileKind::hashes, 1, 0, 2}), std::runtime_error);
  EXPECT_EQ(roots.find(0, 0), root_of(256)) << "this one is there";
  EXPECT_EQ(roots.find(0, 1), std::nullopt) << "and nothing wrong is kept";
}

TEST_F(JournalTreeTest, kept_roots_are_bounded_and_computed_again) {
  TileRoots few(2);
  const auto read = [](std::uint64_t begin, std::uint64_t end) {
    return std::vector<Digest>(leaf_hashes().begin() + static_cast<std::ptrdiff_t>(begin),
                               leaf_hashes().begin() + static_cast<std::ptrdiff_t>(end));
  };
  for (int times = 0; times < 2; ++times) {
    JournalTree small(70'000, read, few);
    const auto path = small.prove({ProofWish::What::inclusion, 69'999, 70'000});
    EXPECT_TRUE(
        journal::verify_inclusion(leaf_hashes()[69'999], 69'999, 70'000, root_of(70'000), path));
    EXPECT_LE(few.count(), 3u) << "two tiles of leaves and one of level 1";
  }
}

}  // namespace
}  // namespace oberih::application
