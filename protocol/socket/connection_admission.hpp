// SPDX-License-Identifier: Apache-2.0
// Who may come in before we know who it is: counts connections and handshakes, in all and by
// address. Knows no sockets. Any thread. Internal to protocol/socket.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace oberih::socket {

class ConnectionAdmission : public std::enable_shared_from_this<ConnectionAdmission> {
 public:
  struct Bounds {
    std::size_t connections;
    std::size_t handshakes;
    std::size_t handshakes_per_address;
  };
  /// Tickets count until their last copy is destroyed.
  struct Admitted {
    std::shared_ptr<void> connection;
    std::shared_ptr<void> handshake;
    std::string_view refused_because;  // not empty: there are no tickets
  };

  explicit ConnectionAdmission(Bounds bounds) : bounds_(bounds) {}

  /// `address`: what counts as one origin; see origin_of().
  Admitted admit(const std::string& address);

 private:
  void leave_connection();
  void leave_handshake(const std::string& address);

  const Bounds bounds_;
  std::mutex mutex_;
  std::size_t connections_ = 0;
  std::size_t handshakes_ = 0;
  std::unordered_map<std::string, std::size_t> handshakes_by_address_;  // no entry is ever 0
};

}  // namespace oberih::socket
