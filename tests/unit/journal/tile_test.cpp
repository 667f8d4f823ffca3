// SPDX-License-Identifier: Apache-2.0
#include "protocol/journal/tile.hpp"

#include "protocol/base/limits.hpp"
#include "tests/unit/journal/known_tree.hpp"

namespace oberih::journal {

TEST(Tile, has_one_path) {
  const std::pair<TileAddress, std::string_view> pairs[] = {
      {{TileKind::hashes, 0, 0, 256}, "tile/0/000"},
      {{TileKind::hashes, 0, 0, 1}, "tile/0/000.p/1"},
      {{TileKind::hashes, 0, 7, 255}, "tile/0/007.p/255"},
      {{TileKind::hashes, 1, 999, 256}, "tile/1/999"},
      {{TileKind::hashes, 5, 1000, 256}, "tile/5/x001/000"},
      {{TileKind::hashes, 63, 1234067, 12}, "tile/63/x001/x234/067.p/12"},
      {{TileKind::entries, 0, 1234067, 256}, "tile/entries/x001/x234/067"},
      {{TileKind::entries, 0, 0, 5}, "tile/entries/000.p/5"},
      {{TileKind::hashes, 0, (std::uint64_t{1} << 55) - 1, 256},
       "tile/0/x036/x028/x797/x018/x963/967"},
  };
  for (const auto& [tile, path] : pairs) {
    EXPECT_EQ(format_tile_path(tile), path);
    EXPECT_EQ(parse_tile_path(path), tile) << path;
  }
}

TEST(Tile, refuses_every_other_path) {
  for (std::string_view path : {"",
                                "tile",
                                "tile/",
                                "tile/0",
                                "tile/0/",
                                "tile/0/0",
                                "tile/0/00",
                                "tile/0/0000",
                                "tile/00/000",
                                "tile/01/000",
                                "tile/64/000",
                                "tile/-1/000",
                                "tile/+1/000",
                                "tile/ 1/000",
                                "tile/0/x000/000",
                                "tile/0/x000/001",
                                "tile/0/x01/000",
                                "tile/0/001/000",
                                "tile/0/x001",
                                "tile/0/x001/x000",
                                "tile/0/1000",
                                "tile/0/000.p",
                                "tile/0/000.p/",
                                "tile/0/000.p/0",
                                "tile/0/000.p/01",
                                "tile/0/000.p/256",
                                "tile/0/000.p/257",
                                "tile/0/000.p/-1",
                                "tile/0/000.p/1/",
                                "tile/0/000.p/1.p/1",
                                "tile/0/000/",
                                "tile/0/000/../001",
                                "tile/0/../0/000",
                                "/tile/0/000",
                                "./tile/0/000",
                                "tile//000",
                                "tile/0//000",
                                "tile/0/000\n",
                                "tile/0/000 ",
                                "tile/0/000?x=1",
                                "TILE/0/000",
                                "tile/0/X001/000",
                                "tile/entries",
                                "tile/entries/",
                                "tile/entries/0/000",
                                "tile/entries0/000",
                                "tile/data/000",
                                "tile/0/00a",
                                "tile/0/%30%30%30",
                                "tile/0/x036/x028/x797/x018/x963/968",
                                "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
                                "checkpoint",
                                "../../etc/passwd"})
    EXPECT_FALSE(parse_tile_path(path)) << path;
  EXPECT_FALSE(parse_tile_path(std::string("tile/0/000\0", 11)));
  EXPECT_FALSE(parse_tile_path("tile/0/" + std::string(100'000, 'x')));
}

TEST(Tile, is_as_wide_as_the_tree_allows) {
  EXPECT_EQ(tile_width_at(0, 0, 0), 0u);
  EXPECT_EQ(tile_width_at(0, 0, 1), 1u);
  EXPECT_EQ(tile_width_at(0, 0, 256), 256u);
  EXPECT_EQ(tile_width_at(0, 1, 256), 0u);
  EXPECT_EQ(tile_width_at(0, 1, 257), 1u);
  EXPECT_EQ(tile_width_at(1, 0, 255), 0u);
  EXPECT_EQ(tile_width_at(1, 0, 256), 1u);
  EXPECT_EQ(tile_width_at(1, 0, 70'000), 256u);
  EXPECT_EQ(tile_width_at(1, 1, 70'000), 17u);
  EXPECT_EQ(tile_width_at(2, 0, 70'000), 1u);
  EXPECT_EQ(tile_width_at(7, 0, max_tree_size), 128u);
  EXPECT_EQ(tile_width_at(8, 0, max_tree_size), 0u);
  EXPECT_EQ(tile_width_at(63, 0, max_tree_size), 0u);
  EXPECT_EQ(tile_width_at(0, UINT64_MAX, max_tree_size), 0u);
}

TEST(Tile, does_not_exist_beyond_the_size) {
  EXPECT_TRUE(tile_exists({TileKind::hashes, 0, 0, 5}, 5));
  EXPECT_TRUE(tile_exists({TileKind::hashes, 0, 0, 4}, 5));
  EXPECT_FALSE(tile_exists({TileKind::hashes, 0, 0, 6}, 5));
  EXPECT_FALSE(tile_exists({TileKind::hashes, 0, 0, 256}, 255));
  EXPECT_TRUE(tile_exists({TileKind::entries, 0, 0, 256}, 256));
  EXPECT_FALSE(tile_exists({TileKind::entries, 0, 1, 1}, 256));
  EXPECT_FALSE(tile_exists({TileKind::hashes, 0, 0, 0}, 256));
}

TEST(Tile, of_the_wrong_width_is_refused) {
  std::vector<Digest> hashes = numbered_leaf_hashes(3);
  Bytes encoded = encode_tile(hashes);
  EXPECT_EQ(encoded.size(), 96u);
  EXPECT_EQ(parse_tile(encoded, 3).value(), hashes);
  for (unsigned width : {0u, 1u, 2u, 4u, 256u, 257u}) {
    auto refused = parse_tile(encoded, width);
    ASSERT_FALSE(refused) << width;
    EXPECT_EQ(refused.error().code, RefusalCode::malformed_object);
  }
  encoded.pop_back();
  EXPECT_FALSE(parse_tile(encoded, 3));
  EXPECT_THROW(encode_tile({}), std::logic_error);
  EXPECT_THROW(encode_tile(numbered_leaf_hashes(257)), std::logic_error);
}

TEST(Tile, a_bundle_holds_leaves_with_their_lengths) {
  std::vector<Bytes> leaves = {to_bytes(as_bytes("one")), {}, Bytes(limits::leaf_bytes, 7)};
  Bytes encoded = encode_entry_bundle(leaves);
  EXPECT_EQ(encoded.size(), 2u + 3 + 2 + 2 + 65'535);
  EXPECT_EQ(parse_entry_bundle(encoded, 3).value(), leaves);
  for (unsigned width : {0u, 1u, 2u, 4u, 257u}) EXPECT_FALSE(parse_entry_bundle(encoded, width));
  for (std::size_t size : {0u, 1u, 4u, 6u, 70'000u - 1})
    EXPECT_FALSE(
        parse_entry_bundle(ByteView(encoded).first(std::min(size, encoded.size() - 1)), 3));
  leaves = {Bytes(65'536)};
  EXPECT_THROW(encode_entry_bundle(leaves), std::logic_error);
}

}  // namespace oberih::journal
