// SPDX-License-Identifier: Apache-2.0
// What rides in a connection's handlers of reading, writing and closing. Internal to
// protocol/socket.
#pragma once

#include <memory>
#include <utility>

namespace oberih::socket {

/// Weak, because Beast may hold operations for ever that wait for each other: the connection keeps
/// itself. When the loop ends, handlers are destroyed without being called: then what the owner
/// keeps, itself and the session's handlers, must go too, by `Owner::forget()`.
template <class Owner>
class OwnerGuard {
 public:
  explicit OwnerGuard(std::weak_ptr<Owner> owner) : owner_(std::move(owner)) {}
  OwnerGuard(OwnerGuard&&) noexcept = default;
  OwnerGuard& operator=(OwnerGuard&&) = delete;
  ~OwnerGuard() {
    if (const auto owner = release()) owner->forget();
  }
  std::shared_ptr<Owner> release() { return std::exchange(owner_, {}).lock(); }

 private:
  std::weak_ptr<Owner> owner_;
};

}  // namespace oberih::socket
