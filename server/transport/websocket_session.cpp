// SPDX-License-Identifier: Apache-2.0
#include "server/transport/websocket_session.hpp"

#include <algorithm>
#include <utility>

#include "protocol/encoding/hex.hpp"
#include "protocol/wire/replies.hpp"
#include "server/application/follow_channel.hpp"
#include "server/transport/request_cost.hpp"

namespace oberih::transport {
namespace {

constexpr std::string_view went_on_while_refused =
    "Requests went on while they were refused. Slow down and come back.";
constexpr const char* asks_too_much =
    "This device or its agency asks too much at once. Come back in a second.";
// A frame of the largest size comes in some thirty pieces, and costs as much as its bytes then.
constexpr double fragment_cost = 0.25;
constexpr double control_cost = 1;

std::shared_ptr<Outbox> make_outbox(std::size_t limit_bytes,
                                    const std::shared_ptr<socket::TlsWebSocket>& socket) {
  return std::make_shared<Outbox>(
      limit_bytes,
      Outbox::Wiring{[socket](Frame frame, std::function<void(bool)> done) {
                       socket->send(std::move(frame), std::move(done));
                     },
                     [socket] {
                       socket->post([socket] {
                         socket->close(
                             socket::CloseCode::slow_consumer,
                             "What waited for you was not read. Resume from your last sequence.");
                       });
                     }});
}

}  // namespace

WebsocketSession::WebsocketSession(const SessionSurroundings& surroundings,
                                   std::shared_ptr<socket::TlsWebSocket> socket,
                                   const domain::Caller& caller)
    : surroundings_(surroundings),
      socket_(std::move(socket)),
      caller_(caller),
      rate_limiter_(surroundings.registry.rate_limiter(caller.device, caller.agency)),
      outbox_(make_outbox(surroundings.limits.outbox_bytes, socket_)),
      catch_up_(std::make_shared<CatchUp>(surroundings.loop, surroundings.router.services(),
                                          caller.origin(), outbox_, rate_limiter_)) {}

void WebsocketSession::start() {
  auto self = shared_from_this();
  bool may_enter = surroundings_.registry.enter(device(), self);
  // Before reading: this thread may not be the connection's own.
  hello_timer_ =
      surroundings_.loop.after(surroundings_.limits.hello_timeout, [weak = weak_from_this()] {
        auto session = weak.lock();
        if (session && !session->has_said_hello_)
          session->close(socket::CloseCode::hello_timeout, "No session.hello came in time.");
      });
  note("session_opened", {});
  socket_->start({[self](std::string_view frame) { self->take_frame(frame); },
                  [self](const socket::CloseReason& reason) { self->finish(reason); },
                  [self] { self->take_unanswered(fragment_cost); },
                  [self] { self->take_unanswered(control_cost); }});
  if (!may_enter)
    close(socket::CloseCode::too_many_requests, "This device has too many connections open.");
}

void WebsocketSession::close(socket::CloseCode code, std::string_view reason) {
  if (is_closing_.exchange(true)) return;
  catch_up_->stop();
  socket_->close(code, reason);
}

void WebsocketSession::cut_off(socket::CloseCode code, std::string_view reason) {
  rate_limiter_->charge_misconduct(std::chrono::steady_clock::now());
  close(code, reason);
}

void WebsocketSession::take_frame(std::string_view frame) {
  if (is_closing_) return;
  auto verdict = rate_limiter_->take(frame.size(), std::chrono::steady_clock::now());
  if (verdict == TokenBucket::Verdict::far_over)
    return cut_off(socket::CloseCode::too_many_requests, went_on_while_refused);
  // Before anything is parsed: to refuse must be cheap.
  if (verdict == TokenBucket::Verdict::over)
    return refuse_hasty(wire::peek_id(frame), asks_too_much);
  std::optional<std::uint64_t> id;
  auto request = wire::parse_request(frame, &id);
  if (!request) return take_malformed(id, request.error());
  take_request(*request);
}

void WebsocketSession::take_unanswered(double cost) {
  if (is_closing_) return;
  const auto verdict = rate_limiter_->take_more(cost, std::chrono::steady_clock::now());
  if (verdict == TokenBucket::Verdict::within) return;
  rest_until_paid();
  if (verdict == TokenBucket::Verdict::far_over)
    cut_off(socket::CloseCode::too_many_requests, went_on_while_refused);
}

bool WebsocketSession::may_cost(const wire::RpcRequest& request) {
  const RequestCost cost = cost_of(request.method);
  const auto now = std::chrono::steady_clock::now();
  const auto pause = rate_limiter_->read_pause(now);
  if (cost.kind == RequestCost::Kind::reads && pause.count() > 0) {
    refuse_hasty(request.id, "This device or its agency has read too much at once. Come back in " +
                                 std::to_string(pause.count()) + " ms.");
    return false;
  }
  if (cost.more == 0 || rate_limiter_->take_more(cost.more, now) == TokenBucket::Verdict::within)
    return true;
  refuse_hasty(request.id, asks_too_much);
  return false;
}

void WebsocketSession::refuse_hasty(std::optional<std::uint64_t> id, std::string detail) {
  rest_until_paid();
  refuse_request(id, refuse(RefusalCode::server_busy, std::move(detail)));
}

void WebsocketSession::rest_until_paid() {
  socket_->rest(std::max(surroundings_.limits.refusal_pause,
                         rate_limiter_->request_pause(std::chrono::steady_clock::now())));
}

void WebsocketSession::take_request(const wire::RpcRequest& request) {
  if (request.method == wire::SessionHello::method) return say_hello(request);
  if (!has_said_hello_) return take_malformed(request.id, refuse(RefusalCode::hello_required));
  if (!may_cost(request)) return;
  if (request.method == wire::ChannelFollow::method) return follow(request);
  if (request.method == wire::ChannelUnfollow::method) return unfollow(request);
  route(request);
}

void WebsocketSession::take_malformed(std::optional<std::uint64_t> id, const Refusal& refusal) {
  note("request_malformed", std::string(refusal_row(refusal.code).name));
  socket_->rest(surroundings_.limits.refusal_pause);
  refuse_request(id, refusal);
  if (++malformed_ >= surroundings_.limits.malformed_frames)
    cut_off(socket::CloseCode::protocol_error, "Too many frames were no requests.");
}

void WebsocketSession::refuse_request(std::optional<std::uint64_t> id, const Refusal& refusal) {
  outbox_->push_reply(wire::encode_refusal(id, refusal));
}

void WebsocketSession::say_hello(const wire::RpcRequest& request) {
  if (has_said_hello_)
    return take_malformed(request.id,
                          refuse(RefusalCode::malformed_request, "session.hello comes once."));
  route(request);
}

void WebsocketSession::route(const wire::RpcRequest& request) {
  if (outstanding_ >= surroundings_.limits.outstanding_requests)
    return cut_off(socket::CloseCode::too_many_requests,
                   "Too many requests wait for their answers. Read the answers first.");
  ++outstanding_;
  bool is_hello = request.method == wire::SessionHello::method;
  surroundings_.router.handle(
      caller_, request,
      [self = shared_from_this(), id = request.id, is_hello](Result<std::string> answer) {
        if (answer) {
          std::string reply = wire::encode_reply(id, *answer);
          self->rate_limiter_->charge_read(reply.size(), std::chrono::steady_clock::now());
          self->outbox_->push_reply(std::move(reply));
          if (is_hello) self->begin_session();
        } else {
          self->refuse_request(id, answer.error());
        }
        --self->outstanding_;
      });
}

void WebsocketSession::begin_session() {
  has_said_hello_ = true;
  if (const auto& accesses = services().accesses) accesses->session_began(caller_.origin());
}

void WebsocketSession::follow(const wire::RpcRequest& request) {
  wire::ChannelFollow wish;
  if (auto parsed = wire::parse_params(request.params, wish); !parsed)
    return refuse_request(request.id, parsed.error());
  if (!subscriptions_.contains(wish.channel)) forget_ended_subscriptions();
  if (!subscriptions_.contains(wish.channel) &&
      subscriptions_.size() >= surroundings_.limits.subscriptions)
    return refuse_request(request.id, refuse(RefusalCode::too_many_subscriptions));
  auto followed = application::follow_channel(services(), caller_, wish);
  if (!followed) {
    refuse_request(request.id, followed.error());
    if (const auto& tally = services().refusals)
      tally->note(caller_.origin(), {wire::ChannelFollow::method, {}, wish.channel},
                  followed.error().code);
    return;
  }
  end_subscription(wish.channel);
  outbox_->push_reply(wire::encode_reply(request.id, wire::encode_result(*followed)));

  auto subscription =
      std::make_shared<Subscription>(wish.channel, device(), wish.after_seq, outbox_);
  subscriptions_[wish.channel] = subscription;
  subscription_count_ = subscriptions_.size();
  // Registered first, asked how far the channel reaches second: no commit falls between.
  surroundings_.fan_out.add(subscription, catch_up_);
  auto facts = services().view.find_channel(wish.channel);
  if (subscription->begin(facts ? facts->newest_seq : 0) == Subscription::Next::read_page)
    catch_up_->add(subscription);
}

void WebsocketSession::unfollow(const wire::RpcRequest& request) {
  wire::ChannelUnfollow wish;
  if (auto parsed = wire::parse_params(request.params, wish); !parsed)
    return refuse_request(request.id, parsed.error());
  end_subscription(wish.channel);
  // The same answer for a channel that is not followed: nobody learns what exists.
  outbox_->push_reply(wire::encode_reply(request.id, wire::encode_result(wire::Done{})));
}

void WebsocketSession::end_subscription(const ChannelId& channel) {
  auto found = subscriptions_.find(channel);
  if (found == subscriptions_.end()) return;
  found->second->end();
  catch_up_->remove(found->second);
  surroundings_.fan_out.remove(found->second);
  subscriptions_.erase(found);
  subscription_count_ = subscriptions_.size();
}

void WebsocketSession::forget_ended_subscriptions() {
  std::vector<ChannelId> ended;
  for (const auto& [channel, subscription] : subscriptions_)
    if (subscription->has_ended()) ended.push_back(channel);
  for (const ChannelId& channel : ended) end_subscription(channel);
}

void WebsocketSession::finish(const socket::CloseReason& reason) {
  is_closing_ = true;
  outbox_->close();
  catch_up_->stop();
  while (!subscriptions_.empty()) end_subscription(subscriptions_.begin()->first);
  hello_timer_.reset();
  if (const auto& accesses = services().accesses; accesses && has_said_hello_)
    accesses->session_ended(caller_.origin());
  surroundings_.registry.leave(device(), this);
  note("session_closed", std::to_string(reason.code) + " " + reason.text);
}

void WebsocketSession::note(std::string event, std::string reason) const {
  if (surroundings_.diagnostics)
    surroundings_.diagnostics({std::move(event), socket_->peer_address(),
                               encoding::encode_hex(caller_.device), std::move(reason)});
}

}  // namespace oberih::transport
