// SPDX-License-Identifier: Apache-2.0
// One connection of one device: session.hello first, then requests to the router and replies in the
// order in which they come, and the subscriptions that live as long as it does.
#pragma once

#include <atomic>
#include <map>
#include <memory>

#include "protocol/socket/tls_websocket.hpp"
#include "protocol/wire/requests.hpp"
#include "protocol/wire/rpc_frame.hpp"
#include "server/application/request_router.hpp"
#include "server/transport/catch_up.hpp"
#include "server/transport/diagnostics.hpp"
#include "server/transport/fan_out.hpp"
#include "server/transport/outbox.hpp"
#include "server/transport/session_registry.hpp"

namespace oberih::transport {

struct SessionLimits {
  std::size_t outbox_bytes = 0;
  std::chrono::milliseconds hello_timeout{};
  std::size_t outstanding_requests = 0;
  std::size_t malformed_frames = 0;
  std::size_t subscriptions = 0;
  std::chrono::milliseconds refusal_pause{};
};

/// What every session uses; lives longer than all of them.
struct SessionSurroundings {
  socket::EventLoop& loop;
  const application::RequestRouter& router;
  FanOut& fan_out;
  SessionRegistry& registry;
  SessionLimits limits;
  Diagnostics diagnostics;
};

class WebsocketSession : public std::enable_shared_from_this<WebsocketSession> {
 public:
  WebsocketSession(const SessionSurroundings& surroundings,
                   std::shared_ptr<socket::TlsWebSocket> socket, const domain::Caller& caller);

  /// Enters the registry and begins to read, or closes where the device has too many connections.
  void start();
  const DeviceId& device() const { return caller_.device; }

  // -- any thread ---------------------------------------------------------------------------------
  void close(socket::CloseCode code, std::string_view reason);
  /// Sent when the outbox that it returns is flushed.
  std::shared_ptr<Outbox> push_batch(const Frame& frame) {
    outbox_->push_batch(frame);
    return outbox_;
  }
  bool follows_something() const { return subscription_count_ > 0; }

 private:
  // On the connection's strand.
  void take_frame(std::string_view frame);
  void take_unanswered(double cost);
  void take_request(const wire::RpcRequest& request);
  /// Whether the device may ask this now; otherwise it is refused here.
  bool may_cost(const wire::RpcRequest& request);
  void take_malformed(std::optional<std::uint64_t> id, const Refusal& refusal);
  void say_hello(const wire::RpcRequest& request);
  void begin_session();
  void follow(const wire::RpcRequest& request);
  void unfollow(const wire::RpcRequest& request);
  void route(const wire::RpcRequest& request);
  void end_subscription(const ChannelId& channel);
  void forget_ended_subscriptions();
  void finish(const socket::CloseReason& reason);

  /// For what is refused because it was too much: the next is heard later.
  void refuse_hasty(std::optional<std::uint64_t> id, std::string detail);
  void rest_until_paid();
  /// For misconduct: it costs the device some of the connections that it may open.
  void cut_off(socket::CloseCode code, std::string_view reason);
  void refuse_request(std::optional<std::uint64_t> id, const Refusal& refusal);
  void note(std::string event, std::string reason) const;
  const application::Services& services() const { return surroundings_.router.services(); }

  const SessionSurroundings& surroundings_;
  const std::shared_ptr<socket::TlsWebSocket> socket_;
  const domain::Caller caller_;
  const std::shared_ptr<RateLimiter> rate_limiter_;
  const std::shared_ptr<Outbox> outbox_;
  const std::shared_ptr<CatchUp> catch_up_;

  std::atomic<bool> is_closing_{false};
  std::atomic<bool> has_said_hello_{false};
  std::atomic<std::size_t> outstanding_{0};
  std::atomic<std::size_t> subscription_count_{0};
  std::size_t malformed_ = 0;
  std::shared_ptr<void> hello_timer_;
  std::map<ChannelId, SubscriptionPointer> subscriptions_;
};

}  // namespace oberih::transport
