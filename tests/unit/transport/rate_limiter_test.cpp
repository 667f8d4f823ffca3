// SPDX-License-Identifier: Apache-2.0
#include "server/transport/rate_limiter.hpp"

#include <gtest/gtest.h>

#include <memory>

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

TEST(TokenBucket, says_how_long_it_takes_to_pay_what_is_owed) {
  TokenBucket bucket(10, 20);
  EXPECT_EQ(bucket.until_paid(begin).count(), 0);
  bucket.take(25, begin);
  EXPECT_EQ(bucket.until_paid(begin).count(), 500);
  EXPECT_EQ(bucket.until_paid(begin + std::chrono::milliseconds(500)).count(), 0);
  EXPECT_FALSE(bucket.has(1, begin + std::chrono::milliseconds(500)));
}

constexpr std::size_t more_than_enough = 1'000'000;
constexpr RateLimits roomy{more_than_enough, more_than_enough, more_than_enough,
                           more_than_enough, more_than_enough, more_than_enough,
                           more_than_enough, more_than_enough, more_than_enough};

RateLimits with(std::size_t RateLimits::*limit, std::size_t value) {
  RateLimits limits = roomy;
  limits.*limit = value;
  return limits;
}

std::shared_ptr<AgencyLimiter> agency_of(const RateLimits& limits) {
  return std::make_shared<AgencyLimiter>(limits);
}

TEST(RateLimiter, counts_requests_and_bytes_apart) {
  RateLimiter by_bytes(with(&RateLimits::bytes_per_second, 100), agency_of(roomy));
  EXPECT_EQ(by_bytes.take(200, begin), Verdict::within);
  EXPECT_EQ(by_bytes.take(1, begin), Verdict::over);
  RateLimiter by_requests(with(&RateLimits::requests_per_second, 1), agency_of(roomy));
  EXPECT_EQ(by_requests.take(1, begin), Verdict::within);
  EXPECT_EQ(by_requests.take(1, begin), Verdict::within);
  EXPECT_EQ(by_requests.take(1, begin), Verdict::over);
}

TEST(RateLimiter, a_heavier_request_takes_as_much_as_several) {
  RateLimiter limiter(with(&RateLimits::requests_per_second, 4), agency_of(roomy));
  EXPECT_EQ(limiter.take(1, begin), Verdict::within);
  EXPECT_EQ(limiter.take_more(7, begin), Verdict::within);
  EXPECT_EQ(limiter.take_more(0.25, begin), Verdict::over);
}

TEST(RateLimiter, an_agencys_devices_share_what_their_agency_may_ask) {
  const RateLimits limits = with(&RateLimits::agency_requests_per_second, 2);
  const auto agency = agency_of(limits);
  RateLimiter first(limits, agency), second(limits, agency), neighbour(limits, agency_of(limits));
  for (int i = 0; i < 4; ++i) EXPECT_EQ(first.take(1, begin), Verdict::within);
  EXPECT_EQ(second.take(1, begin), Verdict::over);
  EXPECT_EQ(neighbour.take(1, begin), Verdict::within);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(second.take(1, begin), Verdict::over) << "not cut off";
}

TEST(RateLimiter, what_a_device_is_refused_costs_its_agency_nothing) {
  const auto agency = agency_of(with(&RateLimits::agency_requests_per_second, 10));
  RateLimiter flood(with(&RateLimits::requests_per_second, 1), agency), colleague(roomy, agency);
  for (int i = 0; i < 1'000; ++i) flood.take(1, begin);
  EXPECT_EQ(colleague.take(1, begin), Verdict::within);
}

TEST(RateLimiter, who_has_read_much_pauses_until_it_is_paid_and_may_ask_meanwhile) {
  RateLimiter limiter(with(&RateLimits::read_bytes_per_second, 1'000), agency_of(roomy));
  limiter.charge_read(2'000, begin);
  EXPECT_EQ(limiter.read_pause(begin).count(), 0);
  limiter.charge_read(500, begin);
  EXPECT_EQ(limiter.read_pause(begin).count(), 500);
  EXPECT_EQ(limiter.take(10, begin), Verdict::within);
  EXPECT_EQ(limiter.read_pause(begin + std::chrono::milliseconds(500)).count(), 0);
}

TEST(RateLimiter, an_agencys_devices_share_the_bytes_of_either_direction) {
  RateLimits limits = roomy;
  limits.agency_bytes_per_second = limits.agency_read_bytes_per_second = 1'000;
  const auto agency = agency_of(limits);
  RateLimiter first(limits, agency), second(limits, agency);
  EXPECT_EQ(first.take(500, begin), Verdict::within) << "half a second's worth at once";
  EXPECT_EQ(second.take(1, begin), Verdict::over);
  first.charge_read(2'500, begin);
  EXPECT_EQ(second.read_pause(begin).count(), 500);
}

TEST(RateLimiter, opens_some_connections_at_once_and_then_by_the_second) {
  RateLimits limits = with(&RateLimits::connections_at_once, 3);
  limits.connections_per_minute = 60;
  RateLimiter limiter(limits, agency_of(roomy));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(limiter.take_connection(begin)) << i;
  EXPECT_FALSE(limiter.may_connect(begin));
  EXPECT_FALSE(limiter.take_connection(begin));
  EXPECT_TRUE(limiter.take_connection(begin + std::chrono::seconds(1)));
  EXPECT_FALSE(limiter.take_connection(begin + std::chrono::seconds(1)));
}

TEST(RateLimiter, an_agency_opens_a_minutes_connections_at_once) {
  RateLimiter limiter(roomy, agency_of(with(&RateLimits::agency_connections_per_minute, 60)));
  for (int i = 0; i < 60; ++i) EXPECT_TRUE(limiter.take_connection(begin)) << i;
  EXPECT_FALSE(limiter.take_connection(begin));
}

TEST(RateLimiter, says_how_long_what_was_refused_takes_to_be_paid) {
  RateLimits limits = with(&RateLimits::bytes_per_second, 1'000);
  limits.requests_per_second = 1;
  RateLimiter limiter(limits, agency_of(roomy));
  EXPECT_EQ(limiter.request_pause(begin).count(), 0);
  limiter.take(2'500, begin);
  EXPECT_EQ(limiter.request_pause(begin).count(), 500);
  limiter.take_more(3, begin);
  EXPECT_EQ(limiter.request_pause(begin).count(), 2'000) << "the slower of the two";
}

TEST(RateLimiter, waits_for_what_its_agency_owes) {
  const auto agency = agency_of(with(&RateLimits::agency_bytes_per_second, 1'000));
  RateLimiter first(roomy, agency), second(roomy, agency);
  first.take(2'500, begin);
  EXPECT_EQ(second.request_pause(begin).count(), 500);
}

TEST(RateLimiter, asking_whether_it_may_connect_takes_nothing) {
  RateLimiter limiter(with(&RateLimits::connections_at_once, 1), agency_of(roomy));
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(limiter.may_connect(begin));
  EXPECT_TRUE(limiter.take_connection(begin));
}

TEST(RateLimiter, misconduct_costs_connections) {
  RateLimits limits = with(&RateLimits::connections_at_once, 10);
  limits.connections_per_minute = 60;
  RateLimiter limiter(limits, agency_of(roomy));
  EXPECT_TRUE(limiter.take_connection(begin));
  limiter.charge_misconduct(begin);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(limiter.take_connection(begin)) << i;
  EXPECT_FALSE(limiter.may_connect(begin));
}

TEST(RateLimiter, an_agencys_devices_share_its_connections) {
  const auto agency = agency_of(with(&RateLimits::agency_connections_per_minute, 1));
  RateLimiter first(roomy, agency), second(roomy, agency);
  EXPECT_TRUE(first.take_connection(begin));
  EXPECT_FALSE(second.may_connect(begin));
  EXPECT_FALSE(second.take_connection(begin));
}

}  // namespace
}  // namespace oberih::transport
