// SPDX-License-Identifier: Apache-2.0
#include "protocol/crypto/random_bytes.hpp"

#include <gtest/gtest.h>

namespace oberih::crypto {

TEST(RandomBytes, differ_each_time) {
  EXPECT_NE(random_id<MessageId>(), random_id<MessageId>());
  EXPECT_FALSE(random_id<Salt>().is_zero());
  EXPECT_NE(to_bytes(random_secret<EpochKey>().view()), to_bytes(random_secret<EpochKey>().view()));
}

TEST(RandomBytes, equality_is_that_of_content_and_length) {
  EXPECT_TRUE(constant_time_equal(as_bytes("same"), as_bytes("same")));
  EXPECT_TRUE(constant_time_equal({}, {}));
  EXPECT_FALSE(constant_time_equal(as_bytes("same"), as_bytes("sane")));
  EXPECT_FALSE(constant_time_equal(as_bytes("same"), as_bytes("sam")));
  EXPECT_FALSE(constant_time_equal(as_bytes("same"), {}));
}

}  // namespace oberih::crypto
