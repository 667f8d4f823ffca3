// SPDX-License-Identifier: Apache-2.0
#include "protocol/base/ids.hpp"

#include <gtest/gtest.h>

#include <type_traits>
#include <unordered_set>

namespace oberih {

// One agency's id can never be passed where a device's is wanted.
static_assert(!std::is_convertible_v<AgencyId, DeviceId>);
static_assert(!std::is_constructible_v<HpkePublicKey, SignaturePublicKey>);
static_assert(sizeof(ChannelId) == 32 && sizeof(Signature) == 64);

TEST(Ids, come_only_from_exactly_their_bytes) {
  Bytes bytes(33, 5);
  EXPECT_TRUE(DeviceId::from(ByteView(bytes).first(16)));
  for (std::size_t size : {0u, 15u, 17u, 32u})
    EXPECT_FALSE(DeviceId::from(ByteView(bytes).first(size)));
  EXPECT_FALSE(ChannelId::from(bytes));
}

TEST(Ids, are_ordered_bytewise) {
  DeviceId low, high;
  low.bytes[0] = 0x7f;
  low.bytes[15] = 0xff;
  high.bytes[0] = 0x80;
  EXPECT_LT(low, high);
  EXPECT_LT(DeviceId{}, low);
  EXPECT_TRUE(DeviceId{}.is_zero());
  EXPECT_FALSE(low.is_zero());
}

TEST(Ids, stand_in_unordered_containers) {
  std::unordered_set<MessageId, FixedBytesHash> seen;
  MessageId id;
  EXPECT_TRUE(seen.insert(id).second);
  EXPECT_FALSE(seen.insert(id).second);
  id.bytes[15] = 1;
  EXPECT_TRUE(seen.insert(id).second);
}

}  // namespace oberih
