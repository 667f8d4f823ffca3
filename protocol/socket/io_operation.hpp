// SPDX-License-Identifier: Apache-2.0
// A waiting completion handler with its type forgotten (Asio 1.81 has no any_completion_handler),
// so that the TLS code is compiled once and not for each of Beast's operations. Internal to
// protocol/socket.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

#include "protocol/socket/boost_asio.hpp"

namespace oberih::socket {

class IoOperation {
 public:
  virtual ~IoOperation() = default;
  /// Once, on the connection's strand and never inside the call that began the operation.
  virtual void complete(error_code error, std::size_t bytes) = 0;
};
using IoOperationPointer = std::unique_ptr<IoOperation>;

template <class Handler>
class IoOperationOf final : public IoOperation {
 public:
  explicit IoOperationOf(Handler handler) : handler_(std::move(handler)) {}
  void complete(error_code error, std::size_t bytes) override { handler_(error, bytes); }

 private:
  Handler handler_;
};

/// `handler(error_code, std::size_t)`.
template <class Handler>
IoOperationPointer make_operation(Handler&& handler) {
  return std::make_unique<IoOperationOf<std::decay_t<Handler>>>(std::forward<Handler>(handler));
}

}  // namespace oberih::socket
