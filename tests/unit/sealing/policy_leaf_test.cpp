// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/policy_leaf.hpp"

#include <gtest/gtest.h>

#include "malformed_input.hpp"

namespace oberih::sealing {
namespace {

PolicyLeaf two_policies() {
  return {1'795'507'200'000,
          {{"name_visibility", Digest{{1}}}, {"permissions", Digest{{2}}}},
          LeafSalt{{3}}};
}

bool is_refused(const PolicyLeaf& leaf) { return !parse_policy_leaf(encode_policy_leaf(leaf)); }

TEST(PolicyLeaf, comes_back_as_it_was_written) {
  const PolicyLeaf leaf = two_policies();
  const auto parsed = parse_policy_leaf(encode_policy_leaf(leaf));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->read_ms, leaf.read_ms);
  EXPECT_EQ(parsed->files, leaf.files);
  EXPECT_EQ(parsed->salt, leaf.salt);
}

TEST(PolicyLeaf, is_written_as_the_protocol_says) {
  const Bytes bytes = encode_policy_leaf({1, {{"a", Digest{}}}, LeafSalt{}});
  EXPECT_EQ(bytes.size(), 1u + 1 + 8 + 2 + 4 + 1 + 32 + 16);
  EXPECT_EQ(bytes[0], 1);
  EXPECT_EQ(bytes[1], 1);
  EXPECT_EQ(bytes[9], 1);   // read_ms
  EXPECT_EQ(bytes[11], 1);  // one file
  EXPECT_EQ(bytes[16], 'a');
}

TEST(PolicyLeaf, refuses_what_is_cut_short_or_too_long) {
  expect_strict(encode_policy_leaf(two_policies()), parse_policy_leaf);
}

TEST(PolicyLeaf, refuses_names_that_are_none_or_do_not_ascend) {
  PolicyLeaf leaf = two_policies();
  std::swap(leaf.files[0], leaf.files[1]);
  EXPECT_TRUE(is_refused(leaf));
  leaf.files[1].name = leaf.files[0].name;
  EXPECT_TRUE(is_refused(leaf));
  for (const char* name : {"", "../permissions", "Permissions", "a b"}) {
    leaf = two_policies();
    leaf.files[0].name = name;
    EXPECT_TRUE(is_refused(leaf)) << name;
  }
}

TEST(PolicyLeaf, refuses_unknown_versions_meanings_and_no_files) {
  for (std::size_t at : {0u, 1u}) {
    Bytes bytes = encode_policy_leaf(two_policies());
    bytes[at] = 2;
    EXPECT_FALSE(parse_policy_leaf(bytes)) << at;
  }
  PolicyLeaf leaf = two_policies();
  leaf.files.clear();
  EXPECT_TRUE(is_refused(leaf));
}

}  // namespace
}  // namespace oberih::sealing
