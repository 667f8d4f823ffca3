// SPDX-License-Identifier: Apache-2.0
// Who may come in before we know who it is: counts connections and handshakes, in all and by
// address, and remembers for a while which addresses only waste our time. Knows no sockets. Any
// thread. Internal to protocol/socket.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace oberih::socket {

/// A handshake under way. Destroyed without `has_succeeded` it counts as one that failed.
struct HandshakeTicket {
  bool has_succeeded = false;
};

class ConnectionAdmission : public std::enable_shared_from_this<ConnectionAdmission> {
 public:
  using Now = std::function<std::chrono::steady_clock::time_point()>;

  struct Bounds {
    std::size_t connections;
    std::size_t handshakes;
    std::size_t handshakes_per_address;
    std::size_t failed_handshakes;  // of an address; a tenth of them is forgotten every second
  };
  /// Tickets count until their last copy is destroyed.
  struct Admitted {
    std::shared_ptr<void> connection;
    std::shared_ptr<HandshakeTicket> handshake;
    std::string_view refused_because;  // not empty: there are no tickets
    /// Refused for what comes from its address: for so long it may be kept from coming at all.
    std::chrono::seconds to_be_barred_for{0};
  };

  explicit ConnectionAdmission(Bounds bounds, Now now = std::chrono::steady_clock::now)
      : bounds_(bounds), now_(std::move(now)) {}

  /// `address`: what counts as one origin; see origin_of().
  Admitted admit(const std::string& address);

 private:
  static constexpr std::chrono::seconds barred{1};

  struct Address {
    std::size_t under_way = 0;
    double failed = 0;  // at `counted`
    std::chrono::steady_clock::time_point counted;
  };

  void leave_connection();
  void leave_handshake(const std::string& address, bool has_succeeded);
  void forget_failures(Address& address) const;
  void sweep();

  const Bounds bounds_;
  const Now now_;
  std::mutex mutex_;
  std::size_t connections_ = 0;
  std::size_t handshakes_ = 0;
  std::unordered_map<std::string, Address> addresses_;
  std::size_t sweep_at_ = 1'024;  // entries
};

}  // namespace oberih::socket
