// SPDX-License-Identifier: Apache-2.0
#include "protocol/socket/connection_admission.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace oberih::socket {
namespace {

std::shared_ptr<ConnectionAdmission> admission(ConnectionAdmission::Bounds bounds) {
  return std::make_shared<ConnectionAdmission>(bounds);
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

}  // namespace
}  // namespace oberih::socket
