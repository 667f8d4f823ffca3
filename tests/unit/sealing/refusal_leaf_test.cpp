// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/refusal_leaf.hpp"

#include <gtest/gtest.h>

#include "malformed_input.hpp"

namespace oberih::sealing {
namespace {

RefusalLeaf of_a_task() {
  return {DeviceId{{1}},     "entry.post", EntryType::task, 32'021, 17,
          1'795'507'200'000, LeafSalt{{2}}};
}

bool is_refused(const RefusalLeaf& leaf) { return !parse_refusal_leaf(encode_refusal_leaf(leaf)); }

TEST(RefusalLeaf, comes_back_as_it_was_written) {
  for (const std::optional<EntryType> type :
       {std::optional(EntryType::task), std::optional<EntryType>()}) {
    RefusalLeaf leaf = of_a_task();
    leaf.type = type;
    const auto parsed = parse_refusal_leaf(encode_refusal_leaf(leaf));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->device, leaf.device);
    EXPECT_EQ(parsed->method, leaf.method);
    EXPECT_EQ(parsed->type, leaf.type);
    EXPECT_EQ(parsed->code, leaf.code);
    EXPECT_EQ(parsed->count, leaf.count);
    EXPECT_EQ(parsed->since_ms, leaf.since_ms);
    EXPECT_EQ(parsed->salt, leaf.salt);
  }
}

TEST(RefusalLeaf, is_written_as_the_protocol_says) {
  const Bytes bytes = encode_refusal_leaf(of_a_task());
  EXPECT_EQ(bytes.size(), 1u + 16 + 4 + 10 + 1 + 2 + 4 + 8 + 16);
  EXPECT_EQ(bytes[0], 1);
  EXPECT_EQ(bytes[31], 2);                         // task
  EXPECT_EQ(bytes[32] * 256 + bytes[33], 32'021);  // code
  EXPECT_EQ(bytes[37], 17);                        // count
}

TEST(RefusalLeaf, refuses_what_is_cut_short_or_too_long) {
  expect_strict(encode_refusal_leaf(of_a_task()), parse_refusal_leaf);
}

TEST(RefusalLeaf, refuses_what_says_nothing) {
  RefusalLeaf leaf = of_a_task();
  leaf.code = 0;
  EXPECT_TRUE(is_refused(leaf));
  leaf = of_a_task();
  leaf.count = 0;
  EXPECT_TRUE(is_refused(leaf));
  for (const char* method : {"", "Entry.post", "entry post"}) {
    leaf = of_a_task();
    leaf.method = method;
    EXPECT_TRUE(is_refused(leaf)) << method;
  }
  Bytes bytes = encode_refusal_leaf(of_a_task());
  bytes[31] = 200;  // a type of entry that does not exist
  EXPECT_FALSE(parse_refusal_leaf(bytes));
  bytes = encode_refusal_leaf(of_a_task());
  bytes[0] = 2;
  EXPECT_FALSE(parse_refusal_leaf(bytes));
}

}  // namespace
}  // namespace oberih::sealing
