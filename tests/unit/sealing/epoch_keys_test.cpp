// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/epoch_keys.hpp"

#include <gtest/gtest.h>

#include "protocol/crypto/hkdf.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/sealing/label.hpp"

namespace oberih::sealing {
namespace {

class EpochKeysTest : public testing::Test {
 protected:
  EpochKey key_ = crypto::random_secret<EpochKey>();
  EpochKey previous_ = crypto::random_secret<EpochKey>();
  ChannelId channel_ = crypto::random_id<ChannelId>();
  Digest previous_commitment_ = crypto::random_id<Digest>();
};

TEST_F(EpochKeysTest, follow_the_reference_label_by_label) {
  const EpochKeys keys = derive_epoch_keys(key_, channel_, 3);
  Digest expected;
  const std::string label = std::string("\0\0\0\x12", 4) + "oberih1 key-commit";
  ByteWriter info;
  info.raw(label).raw(channel_).u64(3);
  crypto::hkdf_expand(key_.view(), info.bytes(), expected.bytes);
  EXPECT_EQ(keys.key_commitment, expected);
  EXPECT_EQ(keys.message_key_commitment, message_key_commitment(keys.message_key, channel_, 3));
}

TEST_F(EpochKeysTest, differ_by_channel_and_epoch) {
  const Digest commitment = derive_epoch_keys(key_, channel_, 3).key_commitment;
  EXPECT_NE(commitment, derive_epoch_keys(key_, channel_, 4).key_commitment);
  EXPECT_NE(commitment,
            derive_epoch_keys(key_, crypto::random_id<ChannelId>(), 3).key_commitment);
  EXPECT_NE(commitment, derive_epoch_keys(previous_, channel_, 3).key_commitment);
}

TEST_F(EpochKeysTest, open_the_box_of_their_predecessor) {
  const EpochKeys keys = derive_epoch_keys(key_, channel_, 3);
  const Bytes box = seal_previous_key(keys, channel_, 3, previous_commitment_, previous_);
  EXPECT_EQ(box.size(), 48u);
  const std::optional<EpochKey> opened =
      open_previous_key(keys, channel_, 3, previous_commitment_, box);
  ASSERT_TRUE(opened);
  EXPECT_TRUE(crypto::constant_time_equal(opened->view(), previous_.view()));
}

TEST_F(EpochKeysTest, open_no_box_of_another_channel_epoch_predecessor_or_with_a_flipped_bit) {
  const EpochKeys keys = derive_epoch_keys(key_, channel_, 3);
  Bytes box = seal_previous_key(keys, channel_, 3, previous_commitment_, previous_);
  EXPECT_FALSE(open_previous_key(keys, channel_, 4, previous_commitment_, box));
  EXPECT_FALSE(
      open_previous_key(keys, crypto::random_id<ChannelId>(), 3, previous_commitment_, box));
  EXPECT_FALSE(open_previous_key(keys, channel_, 3, crypto::random_id<Digest>(), box));
  for (std::size_t i = 0; i < box.size(); ++i) {
    box[i] ^= 1;
    EXPECT_FALSE(open_previous_key(keys, channel_, 3, previous_commitment_, box)) << i;
    box[i] ^= 1;
    EXPECT_FALSE(open_previous_key(keys, channel_, 3, previous_commitment_,
                                   ByteView(box).first(i)))
        << i;
  }
}

TEST(Label, has_its_length_before_it) {
  EXPECT_EQ(begin_label("x").take(),
            (Bytes{0, 0, 0, 9, 'o', 'b', 'e', 'r', 'i', 'h', '1', ' ', 'x'}));
}

}  // namespace
}  // namespace oberih::sealing
