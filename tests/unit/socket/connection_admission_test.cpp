// SPDX-License-Identifier: Apache-2.0
#include "protocol/socket/connection_admission.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace oberih::socket {
namespace {

struct Bounds {
  std::size_t connections, handshakes, per_address, failed = 1'000;
};

std::chrono::steady_clock::time_point the_time;

std::shared_ptr<ConnectionAdmission> admission(const Bounds& bounds) {
  return std::make_shared<ConnectionAdmission>(
      ConnectionAdmission::Bounds{bounds.connections, bounds.handshakes, bounds.per_address,
                                  bounds.failed},
      [] { return the_time; });
}

TEST(ConnectionAdmission, counts_handshakes_by_address_until_the_ticket_is_gone) {
  const auto door = admission({100, 100, 2});
  auto first = door->admit("10.0.0.1");
  auto second = door->admit("10.0.0.1");
  EXPECT_EQ(door->admit("10.0.0.1").refused_because, "too many handshakes from this address");
  EXPECT_EQ(door->admit("10.0.0.2").refused_because, "");
  first.handshake.reset();
  EXPECT_EQ(door->admit("10.0.0.1").refused_because, "");
}

TEST(ConnectionAdmission, counts_handshakes_in_all) {
  const auto door = admission({100, 2, 2});
  auto first = door->admit("a");
  auto second = door->admit("b");
  EXPECT_EQ(door->admit("c").refused_because, "too many handshakes");
  second.handshake.reset();
  EXPECT_EQ(door->admit("c").refused_because, "");
}

TEST(ConnectionAdmission, counts_connections_beyond_their_handshake) {
  const auto door = admission({2, 100, 100});
  auto first = door->admit("a");
  auto second = door->admit("a");
  first.handshake.reset();
  second.handshake.reset();
  EXPECT_EQ(door->admit("b").refused_because, "too many connections");
  first.connection.reset();
  EXPECT_EQ(door->admit("b").refused_because, "");
}

TEST(ConnectionAdmission, a_bound_of_zero_admits_nobody) {
  EXPECT_EQ(admission({1, 1, 0})->admit("a").refused_because,
            "too many handshakes from this address");
}

TEST(ConnectionAdmission, turns_an_address_away_that_only_fails_and_forgets_it_again) {
  const auto door = admission({100, 100, 100, 10});
  for (int i = 0; i < 10; ++i) EXPECT_EQ(door->admit("a").refused_because, "") << i;
  EXPECT_EQ(door->admit("a").refused_because, "too many failed handshakes from this address");
  EXPECT_GT(door->admit("a").to_be_barred_for.count(), 0);
  EXPECT_EQ(door->admit("b").refused_because, "");
  the_time += std::chrono::seconds(1);
  EXPECT_EQ(door->admit("a").refused_because, "");
  EXPECT_EQ(door->admit("a").refused_because, "too many failed handshakes from this address");
}

TEST(ConnectionAdmission, handshakes_that_succeed_are_not_counted_against_their_address) {
  const auto door = admission({100, 100, 100, 10});
  for (int i = 0; i < 50; ++i) {
    auto admitted = door->admit("a");
    ASSERT_EQ(admitted.refused_because, "") << i;
    admitted.handshake->has_succeeded = true;
  }
}

TEST(ConnectionAdmission, goes_on_whatever_number_of_addresses_fails) {
  const auto door = admission({100'000, 100'000, 100, 10});
  for (int i = 0; i < 20'000; ++i) {
    EXPECT_EQ(door->admit(std::to_string(i)).refused_because, "");
    the_time += std::chrono::milliseconds(1);
  }
}

}  // namespace
}  // namespace oberih::socket
