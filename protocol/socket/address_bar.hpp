// SPDX-License-Identifier: Apache-2.0
// Addresses from which no connection is begun for a while: the kernel drops their SYN, by a classic
// BPF filter on the listening socket. Accepting a connection only to close it costs as much as a
// post, and who is closed comes back at once; who gets no answer asks again after a second, and an
// office behind that address then comes in without an error. Where the kernel has no such filter,
// nobody is barred and the listener closes as before. Internal to protocol/socket.
#pragma once

#include <linux/filter.h>

#include <chrono>
#include <map>
#include <vector>

#include "protocol/socket/boost_asio.hpp"

namespace oberih::socket {

class AddressBar {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  /// More at once are not barred: the filter must stay small.
  static constexpr std::size_t most = 128;

  explicit AddressBar(int listening_socket) : socket_(listening_socket) {}

  /// Of IPv6 the /64 is barred. Takes effect with the next renew().
  void bar(const asio::ip::address& address, TimePoint until);
  /// Gives the kernel what is barred at `now`, where that changed. False: the kernel does not take
  /// it, and is not asked again.
  bool renew(TimePoint now);
  bool is_empty() const { return barred_.empty(); }

 private:
  std::vector<sock_filter> program() const;

  const int socket_;
  std::map<asio::ip::address, TimePoint> barred_;
  bool is_changed_ = false;
  bool is_able_ = true;
};

}  // namespace oberih::socket
