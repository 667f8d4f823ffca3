// SPDX-License-Identifier: Apache-2.0
#include "protocol/socket/work_gate.hpp"

#include <gtest/gtest.h>

namespace oberih::socket {
namespace {

TEST(WorkGate, runs_at_once_while_there_is_room_and_the_rest_in_order_later) {
  asio::io_context context;
  const Executor strand = asio::make_strand(context);
  WorkGate gate(1);
  std::vector<int> ran;
  gate.enter(strand, [&] {
    for (int i = 1; i <= 3; ++i) gate.enter(strand, [&ran, i] { ran.push_back(i); });
    EXPECT_TRUE(ran.empty());
    ran.push_back(0);
  });
  EXPECT_EQ(ran, std::vector<int>{0});
  asio::post(context, [&ran] { ran.push_back(9); });
  context.run();
  EXPECT_EQ(ran, (std::vector<int>{0, 1, 9, 2, 3})) << "others have their turn in between";
  gate.enter(strand, [&ran] { ran.push_back(4); });
  EXPECT_EQ(ran.back(), 4) << "there is room again";
}

TEST(WorkGate, forgets_what_waits_and_what_it_holds) {
  asio::io_context context;
  const Executor strand = asio::make_strand(context);
  WorkGate gate(1);
  auto held = std::make_shared<int>(0);
  gate.enter(strand, [&] {
    gate.enter(strand, [held] {});
    EXPECT_EQ(held.use_count(), 2);
    gate.clear();
  });
  EXPECT_EQ(held.use_count(), 1);
}

}  // namespace
}  // namespace oberih::socket
