// SPDX-License-Identifier: Apache-2.0
#include "protocol/base/secret.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <type_traits>

namespace oberih {
namespace {

EpochKey some_key() {
  ByteArray<32> bytes;
  bytes.fill(0x5e);
  return EpochKey(bytes);
}
bool is_wiped(ByteView view) {
  return std::all_of(view.begin(), view.end(), [](std::uint8_t b) { return b == 0; });
}

}  // namespace

static_assert(!std::is_copy_constructible_v<EpochKey> && !std::is_copy_assignable_v<EpochKey>);
static_assert(!std::is_copy_constructible_v<SecretBuffer>);
static_assert(!std::is_convertible_v<EpochKey, MessageKey>);

TEST(Secret, is_wiped_where_it_was_moved_from) {
  EpochKey first = some_key();
  EpochKey second = std::move(first);
  EXPECT_TRUE(is_wiped(first.view()));
  EXPECT_EQ(to_bytes(second.view()), Bytes(32, 0x5e));
  EpochKey third;
  third = std::move(second);
  EXPECT_TRUE(is_wiped(second.view()));
  EXPECT_EQ(to_bytes(third.view()), Bytes(32, 0x5e));
}

TEST(Secret, copies_only_when_asked) {
  EpochKey first = some_key();
  EpochKey second = first.copy();
  first.wipe();
  EXPECT_TRUE(is_wiped(first.view()));
  EXPECT_FALSE(is_wiped(second.view()));
}

TEST(SecretBuffer, shortens_and_never_grows) {
  SecretBuffer buffer(as_bytes("secret words"));
  buffer.shrink_to(100);
  EXPECT_EQ(buffer.size(), 12u);
  buffer.shrink_to(6);
  EXPECT_EQ(as_text(buffer.view()), "secret");
  SecretBuffer moved = std::move(buffer);
  EXPECT_EQ(as_text(moved.view()), "secret");
  moved.wipe();
  EXPECT_TRUE(is_wiped(moved.view()));
}

}  // namespace oberih
