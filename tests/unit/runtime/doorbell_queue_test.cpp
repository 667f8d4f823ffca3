// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/doorbell_queue.hpp"

#include <gtest/gtest.h>

namespace oberih::runtime {
namespace {

using application::Ring;

Ring ring_of(std::uint8_t agency, std::uint8_t unit = 0) {
  Ring ring;
  ring.agency.bytes[0] = agency;
  ring.unit.bytes[0] = unit;
  return ring;
}

constexpr DoorbellLimits limits{std::chrono::seconds(30), std::chrono::milliseconds(1'000), 4, 2};

TEST(DoorbellQueue, rings_in_order_and_the_same_waits_once) {
  DoorbellQueue queue(limits);
  for (int times = 0; times < 5; ++times) {
    EXPECT_TRUE(queue.put(ring_of(1)));
    EXPECT_TRUE(queue.put(ring_of(2)));
  }
  EXPECT_EQ(queue.waiting(), 2u);
  EXPECT_EQ(queue.take(0), ring_of(1));
  EXPECT_EQ(queue.take(0), ring_of(2));
  EXPECT_EQ(queue.take(0), std::nullopt);
}

TEST(DoorbellQueue, rings_once_at_a_time_for_an_agency_and_a_few_times_in_all) {
  DoorbellQueue queue(limits);
  for (const Ring& ring : {ring_of(1, 1), ring_of(1, 2), ring_of(2), ring_of(3)})
    ASSERT_TRUE(queue.put(ring));
  EXPECT_EQ(queue.take(0), ring_of(1, 1));
  EXPECT_EQ(queue.take(0), ring_of(2)) << "another unit of the agency waits";
  EXPECT_EQ(queue.take(0), std::nullopt) << "two are under way";
  EXPECT_EQ(queue.next_ms(), std::nullopt) << "nothing to wait for but their end";
  queue.finish(ring_of(1, 1));
  EXPECT_EQ(queue.take(0), ring_of(1, 2));
  queue.finish(ring_of(2));
  EXPECT_EQ(queue.take(0), ring_of(3));
}

TEST(DoorbellQueue, rings_the_same_again_after_a_pause_and_forgets_none) {
  DoorbellQueue queue(limits);
  ASSERT_TRUE(queue.put(ring_of(1)));
  ASSERT_EQ(queue.take(5'000), ring_of(1));
  queue.finish(ring_of(1));
  ASSERT_TRUE(queue.put(ring_of(1)));
  EXPECT_EQ(queue.take(5'999), std::nullopt);
  EXPECT_EQ(queue.next_ms(), 6'000u);
  EXPECT_EQ(queue.take(6'000), ring_of(1));
}

TEST(DoorbellQueue, takes_no_more_than_its_bound) {
  DoorbellQueue queue(limits);
  for (std::uint8_t agency = 1; agency <= 4; ++agency) EXPECT_TRUE(queue.put(ring_of(agency)));
  EXPECT_FALSE(queue.put(ring_of(5)));
  EXPECT_TRUE(queue.put(ring_of(4))) << "it waits already";
}

}  // namespace
}  // namespace oberih::runtime
