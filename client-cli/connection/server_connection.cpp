// SPDX-License-Identifier: Apache-2.0
#include "client-cli/connection/server_connection.hpp"

#include <condition_variable>
#include <deque>
#include <future>
#include <map>
#include <mutex>

#include "protocol/wire/rpc_frame.hpp"

namespace oberih::client {
namespace {

constexpr std::size_t most_waiting_bytes = 64 * 1024 * 1024;

Refusal refusal_of(const socket::CloseReason& reason) {
  std::string text = reason.text.empty() ? "the connection was cut" : reason.text;
  switch (static_cast<socket::CloseCode>(reason.code)) {
    case socket::CloseCode::device_revoked:
      return refuse(RefusalCode::device_revoked);
    case socket::CloseCode::too_many_requests:
      return refuse(RefusalCode::server_busy, text);
    case socket::CloseCode::normal:
    case socket::CloseCode::going_away:
    case socket::CloseCode::protocol_error:
    case socket::CloseCode::unsupported_data:
    case socket::CloseCode::policy_violation:
    case socket::CloseCode::frame_too_large:
    case socket::CloseCode::slow_consumer:
    case socket::CloseCode::idle:
    case socket::CloseCode::hello_timeout:
      break;
  }
  return refuse(RefusalCode::not_connected, std::move(text));
}

template <class Kind>
Result<Event> parse_as(const nlohmann::json& params) {
  Kind event;
  OBERIH_TRY(wire::parse_event(params, event));
  return Event(std::move(event));
}

/// Nothing for an event of a later version.
std::optional<Result<Event>> parse_any_event(const wire::RpcEvent& event) {
  if (event.method == wire::ItemEvent::method) return parse_as<wire::ItemEvent>(event.params);
  if (event.method == wire::UnfollowedEvent::method)
    return parse_as<wire::UnfollowedEvent>(event.params);
  if (event.method == wire::CheckpointEvent::method)
    return parse_as<wire::CheckpointEvent>(event.params);
  return std::nullopt;
}

struct WaitingEvent {
  Event event;
  std::size_t bytes;  // its share of the frame
};

}  // namespace

struct ServerConnection::Channel : std::enable_shared_from_this<ServerConnection::Channel> {
  mutable std::mutex mutex;
  std::condition_variable changed;
  std::shared_ptr<socket::TlsWebSocket> websocket;
  std::map<std::uint64_t, std::optional<wire::RpcReply>> outstanding;
  std::deque<WaitingEvent> events;
  std::size_t event_bytes = 0;
  std::deque<std::shared_ptr<const std::string>> outgoing;
  bool is_sending = false;
  std::uint64_t next_id = 1;
  std::optional<Refusal> ended;

  void on_frame(std::string_view frame) {
    Result<wire::Incoming> incoming = wire::parse_incoming(frame);
    if (!incoming) return give_up("the server sent a frame that is not oberih.v1");
    std::vector<Event> parsed;
    for (const wire::RpcEvent& event : incoming->events) {
      std::optional<Result<Event>> result = parse_any_event(event);
      if (result && !*result) return give_up("the server sent an event that is not oberih.v1");
      if (result) parsed.push_back(std::move(**result));
    }
    std::lock_guard lock(mutex);
    for (wire::RpcReply& reply : incoming->replies)
      if (auto asked = outstanding.find(reply.id); asked != outstanding.end())
        asked->second = std::move(reply);
    std::size_t share = parsed.empty() ? 0 : frame.size() / parsed.size();
    for (Event& event : parsed) events.push_back({std::move(event), share});
    event_bytes += share * parsed.size();
    // The reader of events is too slow: end, and let it resume from what it has verified.
    if (event_bytes > most_waiting_bytes && websocket)
      websocket->close(socket::CloseCode::slow_consumer, "too many events wait");
    changed.notify_all();
  }

  void on_close(const socket::CloseReason& reason) {
    std::lock_guard lock(mutex);
    if (!ended) ended = refusal_of(reason);
    outgoing.clear();
    websocket.reset();
    changed.notify_all();
  }

  void give_up(const std::string& why) {
    std::lock_guard lock(mutex);
    if (!ended) ended = refuse(RefusalCode::verification_failed, why);
    if (websocket) websocket->close(socket::CloseCode::protocol_error, why);
    changed.notify_all();
  }

  /// Under the lock.
  void send_next() {
    if (is_sending || outgoing.empty() || !websocket) return;
    is_sending = true;
    std::shared_ptr<const std::string> frame = std::move(outgoing.front());
    outgoing.pop_front();
    websocket->post([self = shared_from_this(), socket = websocket, frame = std::move(frame)] {
      socket->send(frame, [self](bool) {
        std::lock_guard lock(self->mutex);
        self->is_sending = false;
        self->send_next();
      });
    });
  }

  Result<nlohmann::json> exchange(std::string_view method, const nlohmann::json& params,
                                  std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex);
    if (ended) return *ended;
    std::uint64_t id = next_id++;
    outstanding[id] = std::nullopt;
    outgoing.push_back(
        std::make_shared<const std::string>(wire::encode_request(id, method, params)));
    send_next();
    bool settled =
        changed.wait_for(lock, timeout, [&] { return outstanding[id].has_value() || ended; });
    std::optional<wire::RpcReply> reply = std::move(outstanding[id]);
    outstanding.erase(id);
    if (reply && reply->refusal) return std::move(*reply->refusal);
    if (reply) return {boost::system::in_place_value, std::move(reply->result)};
    if (!settled) {
      ended = refuse(RefusalCode::not_connected, "the server does not answer");
      if (websocket) websocket->close(socket::CloseCode::going_away, "no answer");
    }
    return *ended;
  }
};

ServerConnection::ServerConnection(socket::EventLoop& loop)
    : channel_(std::make_shared<Channel>()), loop_(loop) {
  channel_->ended = refuse(RefusalCode::not_connected);
}

ServerConnection::~ServerConnection() { close(); }

Result<wire::HelloReply> ServerConnection::open(const ServerAddress& server,
                                                const std::optional<Digest>& server_spki,
                                                const socket::TlsIdentity& identity,
                                                std::uint64_t checkpoint_size) {
  close();
  socket::ClientTarget target;
  target.host = server.host;
  target.port = server.port;
  target.server_spki = server_spki.value_or(Digest{});
  target.takes_any_server = !server_spki;
  target.subprotocol = wire::subprotocol;
  using Connected = Result<std::shared_ptr<socket::TlsWebSocket>>;
  auto promise = std::make_shared<std::promise<Connected>>();
  std::future<Connected> future = promise->get_future();
  socket::connect_tls_websocket(loop_, target, identity, [promise](Connected connected) {
    promise->set_value(std::move(connected));
  });
  Connected connected = future.get();
  if (!connected) return connected.error();

  channel_ = std::make_shared<Channel>();
  channel_->websocket = *connected;
  (*connected)
      ->start(
          {[channel = channel_](std::string_view frame) { channel->on_frame(frame); },
           [channel = channel_](const socket::CloseReason& reason) { channel->on_close(reason); }});
  wire::SessionHello hello;
  hello.client_version = OBERIH_VERSION;
  hello.checkpoint_size = checkpoint_size;
  Result<wire::HelloReply> reply = call(hello);
  if (!reply) close();
  return reply;
}

template <class Request>
Result<ReplyOf<Request>> ServerConnection::call(const Request& request) {
  std::shared_ptr<Channel> channel = channel_;
  Result<nlohmann::json> result =
      channel->exchange(Request::method, wire::encode_params(request), reply_timeout_);
  if (!result) return result.error();
  ReplyOf<Request> reply;
  if (Result<> parsed = wire::parse_result(*result, reply); !parsed)
    return refuse(RefusalCode::verification_failed,
                  "the reply to " + std::string(Request::method) +
                      " is not oberih.v1: " + parsed.error().detail);
  return reply;
}

#define OBERIH_INSTANTIATE(Request, Reply, idempotent) \
  template Result<wire::Reply> ServerConnection::call<wire::Request>(const wire::Request& request);
OBERIH_CALLS(OBERIH_INSTANTIATE)
#undef OBERIH_INSTANTIATE

std::optional<Event> ServerConnection::next_event(std::chrono::milliseconds wait) {
  std::unique_lock lock(channel_->mutex);
  channel_->changed.wait_for(lock, wait,
                             [&] { return !channel_->events.empty() || channel_->ended; });
  if (channel_->events.empty()) return std::nullopt;
  WaitingEvent next = std::move(channel_->events.front());
  channel_->events.pop_front();
  channel_->event_bytes -= next.bytes;
  return std::move(next.event);
}

bool ServerConnection::is_open() const {
  std::lock_guard lock(channel_->mutex);
  return !channel_->ended;
}

Refusal ServerConnection::why_closed() const {
  std::lock_guard lock(channel_->mutex);
  return channel_->ended.value_or(refuse(RefusalCode::not_connected));
}

void ServerConnection::close() {
  std::lock_guard lock(channel_->mutex);
  if (!channel_->ended) channel_->ended = refuse(RefusalCode::not_connected, "closed");
  if (channel_->websocket) channel_->websocket->close(socket::CloseCode::normal, "");
}

Digest ServerConnection::peer_spki() const {
  std::lock_guard lock(channel_->mutex);
  return channel_->websocket ? channel_->websocket->peer_spki() : Digest{};
}

}  // namespace oberih::client
