// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/access_leaf.hpp"

#include <gtest/gtest.h>

#include "malformed_input.hpp"
#include "protocol/sealing/receipt.hpp"

namespace oberih::sealing {
namespace {

AccessLeaf of_a_history() {
  return {AccessWhat::history, DeviceId{{1}}, 3, 17, 15, 1'795'507'200'000, LeafSalt{{2}}};
}

bool is_refused(const AccessLeaf& leaf) { return !parse_access_leaf(encode_access_leaf(leaf)); }

TEST(AccessLeaf, comes_back_as_it_was_written) {
  for (const AccessWhat what :
       {AccessWhat::session, AccessWhat::history, AccessWhat::leaves, AccessWhat::attachment}) {
    AccessLeaf leaf = of_a_history();
    leaf.what = what;
    const Result<AccessLeaf> back = parse_access_leaf(encode_access_leaf(leaf));
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, leaf);
  }
}

TEST(AccessLeaf, is_written_as_the_protocol_says) {
  const Bytes bytes = encode_access_leaf(of_a_history());
  EXPECT_EQ(bytes.size(), 1u + 1 + 16 + 8 + 8 + 4 + 8 + 16);
  EXPECT_EQ(bytes[0], 1);
  EXPECT_EQ(bytes[1], 2);    // history
  EXPECT_EQ(bytes[25], 3);   // from
  EXPECT_EQ(bytes[33], 17);  // to
  EXPECT_EQ(bytes[37], 15);  // count
}

TEST(AccessLeaf, refuses_what_is_cut_short_or_too_long) {
  expect_strict(encode_access_leaf(of_a_history()), parse_access_leaf);
}

TEST(AccessLeaf, refuses_what_says_nothing) {
  AccessLeaf leaf = of_a_history();
  leaf.count = 0;
  EXPECT_TRUE(is_refused(leaf));
  leaf = of_a_history();
  leaf.from = leaf.to + 1;
  EXPECT_TRUE(is_refused(leaf));
  leaf = of_a_history();
  leaf.from = 0;
  EXPECT_TRUE(is_refused(leaf));
  leaf.what = AccessWhat::leaves;  // the journal begins at 0, as chunks do
  EXPECT_FALSE(is_refused(leaf));
  Bytes bytes = encode_access_leaf(of_a_history());
  for (const std::uint8_t what : {0, 5, 255}) {
    bytes[1] = what;
    EXPECT_FALSE(parse_access_leaf(bytes)) << int{what};
  }
}

TEST(AccessLeaf, is_told_from_a_receipt_by_its_first_byte) {
  EXPECT_TRUE(is_access_leaf(encode_access_leaf(of_a_history())));
  EXPECT_FALSE(is_access_leaf(encode_receipt_body({})));
  EXPECT_FALSE(is_access_leaf({}));
}

}  // namespace
}  // namespace oberih::sealing
