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
  const auto agency = std::make_shared<SharedBucket>(1'000);
  RateLimiter by_bytes({1'000, 100}, agency);
  EXPECT_EQ(by_bytes.take(200, begin), Verdict::within);
  EXPECT_EQ(by_bytes.take(1, begin), Verdict::over);
  RateLimiter by_requests({1, 1'000'000}, agency);
  EXPECT_EQ(by_requests.take(1, begin), Verdict::within);
  EXPECT_EQ(by_requests.take(1, begin), Verdict::within);
  EXPECT_EQ(by_requests.take(1, begin), Verdict::over);
}

TEST(RateLimiter, an_agencys_devices_share_what_their_agency_may_ask) {
  const auto agency = std::make_shared<SharedBucket>(2);
  RateLimiter first({1'000, 1'000'000}, agency), second({1'000, 1'000'000}, agency);
  RateLimiter neighbour({1'000, 1'000'000}, std::make_shared<SharedBucket>(2));
  for (int i = 0; i < 4; ++i) EXPECT_EQ(first.take(1, begin), Verdict::within);
  EXPECT_EQ(second.take(1, begin), Verdict::over);
  EXPECT_EQ(neighbour.take(1, begin), Verdict::within);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(second.take(1, begin), Verdict::over) << "not cut off";
}

TEST(RateLimiter, what_a_device_is_refused_costs_its_agency_nothing) {
  const auto agency = std::make_shared<SharedBucket>(10);
  RateLimiter flood({1, 1'000'000}, agency), colleague({10, 1'000'000}, agency);
  for (int i = 0; i < 1'000; ++i) flood.take(1, begin);
  EXPECT_EQ(colleague.take(1, begin), Verdict::within);
}

}  // namespace
}  // namespace oberih::transport
