// SPDX-License-Identifier: Apache-2.0
// A small published log, reproduced byte for byte: every checkpoint, tile and bundle.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "protocol/journal/checkpoint.hpp"
#include "protocol/journal/merkle_tree.hpp"
#include "protocol/journal/tile.hpp"

namespace oberih::journal {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view verifier_key =
    "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";
constexpr std::string_view signer_key =
    "PRIVATE+KEY+example.com/log/testdata+33d7b496+AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg";
constexpr std::string_view leaves[] = {"one",    "two",   "three",    "four",    "five",
                                       "six",    "seven", "eit",      "nain",    "ten",
                                       "ileven", "twelf", "threeten", "fourten", "fivten"};

class PublishedLog : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::is_directory(folder_)) GTEST_SKIP() << "The shared vectors are missing: tlog/";
    for (std::string_view leaf : leaves) {
      entries_.push_back(to_bytes(as_bytes(leaf)));
      hashes_.push_back(hash_leaf(as_bytes(leaf)));
    }
  }
  std::string read(const std::string& path) const {
    std::ifstream file(folder_ / path, std::ios::binary);
    EXPECT_TRUE(file) << path;
    return {std::istreambuf_iterator<char>(file), {}};
  }

  fs::path folder_ = fs::path(OBERIH_VECTORS) / "tlog";
  std::vector<Bytes> entries_;
  std::vector<Digest> hashes_;
};

TEST_F(PublishedLog, every_checkpoint_is_reproduced) {
  NoteSigner signer = parse_signer_key(signer_key).value();
  EXPECT_EQ(format_verifier_key(signer.verifier()), verifier_key);
  MerkleFrontier frontier;
  for (std::size_t size = 0; size <= hashes_.size(); ++size) {
    std::string text =
        format_checkpoint_without_directory({signer.name, frontier.size(), frontier.root(), 0, {}});
    std::string line = sign_note_line(text, signer);
    EXPECT_EQ(join_note(text, {&line, 1}), read("checkpoint." + std::to_string(size))) << size;
    if (size < hashes_.size()) frontier.append(hashes_[size]);
  }
}

TEST_F(PublishedLog, every_checkpoint_opens) {
  NoteVerifier verifier = parse_verifier_key(verifier_key).value();
  std::size_t count = 0;
  for (const auto& file : fs::directory_iterator(folder_)) {
    if (!file.is_regular_file()) continue;
    auto opened = open_note(read(file.path().filename()), {&verifier, 1});
    ASSERT_TRUE(opened) << file.path();
    auto checkpoint = parse_checkpoint_without_directory(opened->text);
    ASSERT_TRUE(checkpoint) << file.path();
    EXPECT_EQ(checkpoint->root, merkle_root(std::span(hashes_).first(checkpoint->size)));
    // It has no directory line, so no client takes it for a checkpoint of the journal.
    EXPECT_FALSE(open_checkpoint(read(file.path().filename()), verifier));
    ++count;
  }
  EXPECT_EQ(count, 17u);
}

TEST_F(PublishedLog, every_tile_and_bundle_is_reproduced) {
  std::size_t count = 0;
  for (const auto& file : fs::recursive_directory_iterator(folder_ / "tile")) {
    if (!file.is_regular_file()) continue;
    std::string path = fs::relative(file.path(), folder_).generic_string();
    auto tile = parse_tile_path(path);
    ASSERT_TRUE(tile) << path;
    EXPECT_EQ(format_tile_path(*tile), path);
    EXPECT_TRUE(tile_exists(*tile, hashes_.size())) << path;
    ASSERT_LE(tile->width, hashes_.size()) << path;
    Bytes expected = to_bytes(as_bytes(read(path)));
    if (tile->kind == TileKind::hashes) {
      EXPECT_EQ(encode_tile(std::span(hashes_).first(tile->width)), expected) << path;
      EXPECT_TRUE(parse_tile(expected, tile->width)) << path;
    } else {
      EXPECT_EQ(encode_entry_bundle(std::span(entries_).first(tile->width)), expected) << path;
      EXPECT_TRUE(parse_entry_bundle(expected, tile->width)) << path;
    }
    ++count;
  }
  EXPECT_EQ(count, 30u);
}

}  // namespace
}  // namespace oberih::journal
