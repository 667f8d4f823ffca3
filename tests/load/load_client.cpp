// SPDX-License-Identifier: Apache-2.0
#include "tests/load/load_client.hpp"

#include "protocol/socket/tls_websocket.hpp"
#include "protocol/wire/rpc_frame.hpp"

namespace oberih::load {
namespace {

constexpr std::uint64_t hello_id = 1;
constexpr std::uint64_t follow_id = 2;

template <class Request>
std::string frame_of(std::uint64_t id, const Request& request) {
  return masked_text_frame(wire::encode_request(id, Request::method, wire::encode_params(request)));
}

}  // namespace

LoadClient::LoadClient(EventLoop& loop, Counter& counter, const Member& member,
                       const Channel& channel, Habit habit)
    : counter_(counter),
      loop_(loop),
      channel_(channel),
      habit_(habit),
      pipe_(loop, *this, member.tls) {}

void LoadClient::open(std::uint16_t port, std::uint64_t after_seq) {
  port_ = port;
  newest_seq_ = after_seq;
  is_ready_ = false;
  pipe_.open(port);
}

void LoadClient::on_open() {
  pipe_.send(frame_of(hello_id, wire::SessionHello{"load", 0}));
  if (habit_ == Habit::follows)
    pipe_.send(frame_of(follow_id, wire::ChannelFollow{channel_.id, newest_seq_}));
  for (const PreparedPost& waiting : unanswered_) pipe_.send(waiting.frame);
}

void LoadClient::post(PreparedPost prepared) {
  if (pipe_.is_open()) pipe_.send(prepared.frame);
  unanswered_.push_back(std::move(prepared));
}

void LoadClient::on_text(std::string_view text) {
  const auto reply = scan_reply(text);
  if (!reply) return scan_items(text, [this](const SeenItem& item) { take_item(item); });
  if (reply->is_refusal)
    throw std::runtime_error("the server refuses: " + std::string(text.substr(0, 500)));
  if (reply->id < first_free_request_id) return take_own_reply(reply->id);
  std::erase_if(unanswered_, [&](const PreparedPost& post) { return post.number == reply->id; });
  counter_.on_reply(*this, reply->id, text);
}

void LoadClient::take_item(const SeenItem& item) {
  if (item.channel_seq <= newest_seq_) return counter_.on_doubled(*this);
  newest_seq_ = item.channel_seq;
  counter_.on_item(*this, item);
}

void LoadClient::take_own_reply(std::uint64_t id) {
  if (id == hello_id && habit_ == Habit::follows) return;
  is_ready_ = true;
  counter_.on_ready(*this);
}

void LoadClient::on_end(std::uint16_t close_code, const std::string& why) {
  if (close_code == static_cast<std::uint16_t>(socket::CloseCode::slow_consumer)) {
    counter_.on_cut(*this);
    return loop_.later([this] { open(port_, newest_seq_); });
  }
  throw std::runtime_error("a client's connection ended: " + why);
}

}  // namespace oberih::load
