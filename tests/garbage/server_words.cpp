// SPDX-License-Identifier: Apache-2.0
#include "tests/garbage/server_words.hpp"

#include "tests/garbage/raw_frame.hpp"

namespace oberih::garbage {
namespace {

constexpr unsigned no_status_received = 1005;
constexpr unsigned switching_protocols = 101;
constexpr std::size_t most_kept_replies = 64;

std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t count) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < count; ++i)
    number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  return number;
}

}  // namespace

void ServerWords::object(const std::string& what) {
  if (violation_.empty()) violation_ = what;
}

void ServerWords::hear(std::string_view bytes) {
  waiting_ += bytes;
  if (http_status_ == 0) hear_http();
  if (http_status_ == switching_protocols)
    while (hear_frame()) continue;
}

void ServerWords::hear_http() {
  const auto end = waiting_.find("\r\n\r\n");
  if (end == std::string::npos) return;
  if (!waiting_.starts_with("HTTP/1.1 ") || waiting_.size() < 12)
    return object("an answer that is no HTTP: " + waiting_.substr(0, 40));
  http_status_ = static_cast<unsigned>(std::atoi(waiting_.substr(9, 3).c_str()));
  if (http_status_ == 0) return object("an HTTP answer without a status");
  if (http_status_ == switching_protocols) waiting_.erase(0, end + 4);
}

/// One whole frame from the front; false: there is none.
bool ServerWords::hear_frame() {
  if (waiting_.size() < 2) return false;
  const auto first = static_cast<unsigned char>(waiting_[0]);
  const auto second = static_cast<unsigned char>(waiting_[1]);
  std::size_t header = 2;
  std::uint64_t length = second & 0x7f;
  if (length >= 126) {
    const std::size_t count = length == 126 ? 2 : 8;
    if (waiting_.size() < header + count) return false;
    length = number_at(waiting_, header, count);
    header += count;
  }
  if ((second & 0x80) != 0 || (first & 0x70) != 0 || (first & 0x80) == 0) {
    object("the server's frame is masked, fragmented or has reserved bits");
    return false;
  }
  if (waiting_.size() < header + length) return false;
  const std::string payload = waiting_.substr(header, length);
  waiting_.erase(0, header + length);
  if (close_code_) object("the server speaks after its close frame");
  switch (first & 0x0f) {
    case opcode_text:
      hear_text(payload);
      break;
    case opcode_close:
      close_code_ =
          payload.size() < 2 ? no_status_received : static_cast<unsigned>(number_at(payload, 0, 2));
      break;
    case opcode_ping:
    case opcode_pong:
      break;
    default:
      object("the server sends a frame that is none of ours");
  }
  return true;
}

void ServerWords::hear_text(std::string_view text) {
  auto incoming = wire::parse_incoming(text);
  if (!incoming) return object("the server's frame is malformed: " + incoming.error().detail);
  for (wire::RpcReply& reply : incoming->replies) {
    const std::string name =
        reply.refusal ? std::string(refusal_row(reply.refusal->code).name) : "done";
    ++replies_[name];
    // The database is there all the time: only something that was thrown is answered so.
    if (reply.refusal && reply.refusal->code == RefusalCode::unavailable)
      object("the server answers unavailable: " + reply.refusal->detail);
    const std::uint64_t id = reply.id;
    kept_.insert_or_assign(id, std::move(reply));
    if (kept_.size() > most_kept_replies) kept_.erase(kept_.begin());  // ids of requests ascend
  }
}

std::optional<wire::RpcReply> ServerWords::take_reply(std::uint64_t id) {
  const auto found = kept_.find(id);
  if (found == kept_.end()) return std::nullopt;
  auto reply = std::move(found->second);
  kept_.erase(found);
  return reply;
}

}  // namespace oberih::garbage
