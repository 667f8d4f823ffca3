// SPDX-License-Identifier: Apache-2.0
#include "server/application/change_pace.hpp"

#include <gtest/gtest.h>

#include "protocol/crypto/random_bytes.hpp"

namespace oberih::application {
namespace {

constexpr Milliseconds hour_ms = 3'600'000;

class ChangePaceTest : public testing::Test {
 protected:
  bool take(Milliseconds now_ms) { return pace_.take(device_, channel_, now_ms).has_value(); }

  const DeviceId device_ = crypto::random_id<DeviceId>();
  const ChannelId channel_ = crypto::random_id<ChannelId>();
  ChangePace pace_{2};
};

TEST_F(ChangePaceTest, takes_as_many_as_the_limit_says_and_again_when_an_hour_is_over) {
  EXPECT_TRUE(take(1'000));
  EXPECT_TRUE(take(61'000));
  EXPECT_FALSE(take(62'000));
  EXPECT_FALSE(take(1'000 + hour_ms - 1));
  EXPECT_TRUE(take(1'000 + hour_ms));
  EXPECT_FALSE(take(1'001 + hour_ms));
  EXPECT_TRUE(take(61'000 + hour_ms));
}

TEST_F(ChangePaceTest, says_how_long_to_wait) {
  take(0);
  take(0);
  const Result<void> refused = pace_.take(device_, channel_, hour_ms - 90'000);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, RefusalCode::forbidden);
  EXPECT_NE(refused.error().detail.find("again in 2 min"), std::string::npos)
      << refused.error().detail;
}

TEST_F(ChangePaceTest, other_devices_and_other_channels_have_their_own) {
  take(0);
  take(0);
  EXPECT_FALSE(take(0));
  EXPECT_TRUE(pace_.take(crypto::random_id<DeviceId>(), channel_, 0));
  EXPECT_TRUE(pace_.take(device_, crypto::random_id<ChannelId>(), 0));
}

TEST_F(ChangePaceTest, what_was_refused_does_not_count) {
  take(0);
  take(0);
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(take(1));
  EXPECT_TRUE(take(hour_ms));
}

}  // namespace
}  // namespace oberih::application
