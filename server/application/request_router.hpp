// SPDX-License-Identifier: Apache-2.0
// One table: method -> request. Every request is authorised here or in its own file before anything
// else is looked at. session.hello first, channel.unfollow and the live side of channel.follow are
// the connection's business, not this room's.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "protocol/wire/rpc_frame.hpp"
#include "server/application/services.hpp"

namespace oberih::application {

class RequestRouter {
 public:
  using Reply = std::function<void(Result<std::string>)>;

  explicit RequestRouter(Services services) : services_(std::move(services)) {}

  /// `done` is called exactly once: before handle() returns, or later on a thread of the reader or
  /// of the recorder. The answer is the `result` of the reply frame.
  void handle(const domain::Caller& caller, const wire::RpcRequest& request, Reply done) const;

  static bool knows(std::string_view method);
  const Services& services() const { return services_; }

 private:
  Services services_;
};

}  // namespace oberih::application
