// SPDX-License-Identifier: Apache-2.0
#include "server/transport/rate_limiter.hpp"

#include <gtest/gtest.h>

namespace oberih::transport {
namespace {

using Verdict = TokenBucket::Verdict;
const TokenBucket::TimePoint begin = TokenBucket::TimePoint{} + std::chrono::hours(1);

TEST(TokenBucket, permits_a_burst_then_refuses) {
  TokenBucket bucket(10, 20);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(bucket.take(1, begin), Verdict::within);
  EXPECT_EQ(bucket.take(1, begin), Verdict::over);
}

TEST(TokenBucket, fills_with_time_but_never_beyond_its_burst) {
  TokenBucket bucket(10, 20);
  EXPECT_EQ(bucket.take(20, begin), Verdict::within);
  EXPECT_EQ(bucket.take(10, begin + std::chrono::seconds(1)), Verdict::within);
  EXPECT_EQ(bucket.take(20, begin + std::chrono::hours(1)), Verdict::within);
  EXPECT_EQ(bucket.take(1, begin + std::chrono::hours(1)), Verdict::over);
}

TEST(TokenBucket, gives_up_on_who_goes_on_while_refused) {
  TokenBucket bucket(10, 20);
  for (int i = 0; i < 40; ++i) EXPECT_NE(bucket.take(1, begin), Verdict::far_over) << i;
  EXPECT_EQ(bucket.take(1, begin), Verdict::far_over);
}

TEST(TokenBucket, a_clock_that_stands_still_gives_nothing) {
  TokenBucket bucket(10, 1);
  EXPECT_EQ(bucket.take(1, begin), Verdict::within);
  EXPECT_EQ(bucket.take(1, begin - std::chrono::seconds(5)), Verdict::over);
}

TEST(RateLimiter, counts_requests_and_bytes_apart) {
  RateLimiter by_bytes({1'000, 100});
  EXPECT_EQ(by_bytes.take(200, begin), Verdict::within);
  EXPECT_EQ(by_bytes.take(1, begin), Verdict::over);
  RateLimiter by_requests({1, 1'000'000});
  EXPECT_EQ(by_requests.take(1, begin), Verdict::within);
  EXPECT_EQ(by_requests.take(1, begin), Verdict::within);
  EXPECT_EQ(by_requests.take(1, begin), Verdict::over);
}

}  // namespace
}  // namespace oberih::transport
