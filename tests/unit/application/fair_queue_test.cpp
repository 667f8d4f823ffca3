// SPDX-License-Identifier: Apache-2.0
#include "server/application/fair_queue.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>
#include <vector>

namespace oberih::application {
namespace {

Origin origin(std::uint8_t agency, std::uint8_t device) {
  return {AgencyId{{agency}}, DeviceId{{agency, device}}};
}

std::string take_all(FairQueue<std::string>& queue) {
  std::string all;
  while (!queue.empty()) all += (all.empty() ? "" : " ") + queue.take();
  return all;
}

TEST(FairQueue, gives_one_devices_items_in_their_order) {
  FairQueue<std::string> queue(10);
  for (const char* item : {"a", "b", "c"}) EXPECT_FALSE(queue.put(origin(1, 1), item));
  EXPECT_EQ(queue.next(), "a");
  EXPECT_EQ(take_all(queue), "a b c");
}

TEST(FairQueue, lets_agencies_take_turns_and_within_them_devices) {
  FairQueue<std::string> queue(10);
  for (const char* item : {"flood1", "flood2", "flood3"}) queue.put(origin(1, 1), item);
  queue.put(origin(1, 2), "colleague");
  queue.put(origin(2, 1), "neighbour1");
  queue.put(origin(2, 1), "neighbour2");
  EXPECT_EQ(take_all(queue), "flood1 neighbour1 colleague neighbour2 flood2 flood3");
}

TEST(FairQueue, when_full_whoever_has_most_waiting_gives_way) {
  FairQueue<std::string> queue(4);
  for (const char* item : {"flood1", "flood2", "flood3"}) queue.put(origin(1, 1), item);
  EXPECT_FALSE(queue.put(origin(1, 2), "colleague"));
  EXPECT_EQ(queue.put(origin(2, 1), "neighbour"), "flood3");
  EXPECT_EQ(queue.put(origin(1, 1), "flood4"), "flood4");
  EXPECT_EQ(queue.size(), 4U);
  EXPECT_EQ(take_all(queue), "flood1 neighbour colleague flood2");
}

TEST(FairQueue, among_equals_the_newcomer_gives_way) {
  FairQueue<std::string> queue(2);
  queue.put(origin(1, 1), "a");
  queue.put(origin(2, 1), "b");
  EXPECT_EQ(queue.put(origin(1, 2), "c"), "c");
  EXPECT_EQ(queue.put(origin(2, 1), "d"), "d");
  EXPECT_EQ(take_all(queue), "a b");
}

TEST(FairQueue, loses_and_doubles_nothing_whatever_comes) {
  std::mt19937 random(20261124);
  FairQueue<unsigned> queue(16);
  std::set<unsigned> inside;
  std::map<std::pair<unsigned, unsigned>, unsigned> newest_taken;
  const auto lane_of = [](unsigned item) { return std::pair(item % 3, item / 3 % 4); };
  for (unsigned next = 0; next < 20'000; ++next) {
    if (random() % 5 < 3) {
      const auto [agency, device] = lane_of(next);
      inside.insert(next);
      if (auto pushed = queue.put(origin(agency, device), next)) {
        ASSERT_EQ(inside.erase(*pushed), 1U);
      }
    } else if (!queue.empty()) {
      const unsigned item = queue.take();
      ASSERT_EQ(inside.erase(item), 1U);
      unsigned& newest = newest_taken[lane_of(item)];
      ASSERT_GE(item, newest) << "out of order";
      newest = item;
    }
    ASSERT_EQ(queue.size(), inside.size());
  }
}

}  // namespace
}  // namespace oberih::application
