// SPDX-License-Identifier: Apache-2.0
#include "protocol/socket/connection_admission.hpp"

#include <algorithm>

namespace oberih::socket {

ConnectionAdmission::Admitted ConnectionAdmission::admit(const std::string& address) {
  {
    std::lock_guard lock(mutex_);
    if (connections_ >= bounds_.connections) return {{}, {}, "too many connections"};
    if (handshakes_ >= bounds_.handshakes) return {{}, {}, "too many handshakes"};
    if (addresses_.size() >= sweep_at_) sweep();
    Address& origin = addresses_[address];
    forget_failures(origin);
    if (origin.under_way >= bounds_.handshakes_per_address)
      return {{}, {}, "too many handshakes from this address", barred};
    if (origin.failed >= static_cast<double>(bounds_.failed_handshakes))
      return {{}, {}, "too many failed handshakes from this address", barred};
    ++connections_;
    ++handshakes_;
    ++origin.under_way;
  }
  auto self = shared_from_this();
  Admitted admitted;
  admitted.connection.reset(this, [self](ConnectionAdmission*) { self->leave_connection(); });
  admitted.handshake = {new HandshakeTicket, [self, address](HandshakeTicket* ticket) {
                          self->leave_handshake(address, ticket->has_succeeded);
                          delete ticket;
                        }};
  return admitted;
}

void ConnectionAdmission::leave_connection() {
  std::lock_guard lock(mutex_);
  --connections_;
}

void ConnectionAdmission::leave_handshake(const std::string& address, bool has_succeeded) {
  std::lock_guard lock(mutex_);
  --handshakes_;
  Address& origin = addresses_[address];
  --origin.under_way;
  if (has_succeeded) return;
  forget_failures(origin);
  origin.failed += 1;
}

void ConnectionAdmission::forget_failures(Address& address) const {
  const auto now = now_();
  const double seconds = std::chrono::duration<double>(now - address.counted).count();
  const double forgotten = seconds * static_cast<double>(bounds_.failed_handshakes) / 10;
  address.failed = std::max(0.0, address.failed - forgotten);
  address.counted = now;
}

// Whoever has many addresses is not remembered for long: memory stays in proportion to what is
// under way and failed lately.
void ConnectionAdmission::sweep() {
  for (auto entry = addresses_.begin(); entry != addresses_.end();) {
    Address& address = entry->second;
    forget_failures(address);
    const bool is_forgotten = address.under_way == 0 && address.failed == 0;
    entry = is_forgotten ? addresses_.erase(entry) : std::next(entry);
  }
  sweep_at_ = std::max<std::size_t>(1'024, 2 * addresses_.size());
}

}  // namespace oberih::socket
