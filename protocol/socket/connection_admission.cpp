// SPDX-License-Identifier: Apache-2.0
#include "protocol/socket/connection_admission.hpp"

namespace oberih::socket {

ConnectionAdmission::Admitted ConnectionAdmission::admit(const std::string& address) {
  {
    std::lock_guard lock(mutex_);
    if (connections_ >= bounds_.connections) return {{}, {}, "too many connections"};
    if (handshakes_ >= bounds_.handshakes) return {{}, {}, "too many handshakes"};
    std::size_t& of_address = handshakes_by_address_[address];
    if (of_address >= bounds_.handshakes_per_address) {
      if (of_address == 0) handshakes_by_address_.erase(address);
      return {{}, {}, "too many handshakes from this address"};
    }
    ++connections_;
    ++handshakes_;
    ++of_address;
  }
  auto self = shared_from_this();
  Admitted admitted;
  admitted.connection.reset(this, [self](ConnectionAdmission*) { self->leave_connection(); });
  admitted.handshake.reset(
      this, [self, address](ConnectionAdmission*) { self->leave_handshake(address); });
  return admitted;
}

void ConnectionAdmission::leave_connection() {
  std::lock_guard lock(mutex_);
  --connections_;
}

void ConnectionAdmission::leave_handshake(const std::string& address) {
  std::lock_guard lock(mutex_);
  --handshakes_;
  const auto found = handshakes_by_address_.find(address);
  if (--found->second == 0) handshakes_by_address_.erase(found);
}

}  // namespace oberih::socket
