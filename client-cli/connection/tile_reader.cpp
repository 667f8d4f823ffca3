// SPDX-License-Identifier: Apache-2.0
#include "client-cli/connection/tile_reader.hpp"

#include <future>

#include "protocol/base/limits.hpp"

namespace oberih::client {
namespace {

// A bundle of leaves that are all as long as they may be, and a header.
constexpr std::size_t answer_bytes_at_most =
    journal::tile_width * (2 + limits::leaf_bytes) + 64 * 1024;
using std::chrono::milliseconds;

constexpr milliseconds first_pause{500};
constexpr milliseconds longest_pause{10'000};
constexpr int attempts = 60;  // some nine minutes

bool may_pass(const Refusal& refusal) {
  return refusal.code == RefusalCode::not_connected || refusal.code == RefusalCode::server_busy;
}

}  // namespace

TileReader::TileReader(socket::EventLoop& loop, const ServerAddress& server,
                       const Digest& server_spki, const KeyRing& ring,
                       std::function<bool(std::chrono::milliseconds)> wait)
    : loop_(loop),
      server_(server),
      server_spki_(server_spki),
      identity_{SecretBuffer(ring.tls_private_key_pem.view()), ring.tls_certificate_pem},
      wait_(std::move(wait)) {}

Result<socket::HttpReply> TileReader::call(const std::string& target) {
  socket::HttpCall call;
  call.host = server_.host;
  call.port = server_.port;
  call.target = target;
  call.time_limit = std::chrono::milliseconds(60'000);
  call.answer_bytes = answer_bytes_at_most;
  using Answered = Result<socket::HttpReply>;
  auto promise = std::make_shared<std::promise<Answered>>();
  std::future<Answered> future = promise->get_future();
  socket::call_https(loop_, line_, call, server_spki_, identity_,
                     [promise](Answered answer) { promise->set_value(std::move(answer)); });
  return future.get();
}

Result<Bytes> TileReader::read(const journal::TileAddress& tile) {
  const std::string target = "/" + journal::format_tile_path(tile);
  std::chrono::milliseconds pause = first_pause;
  for (int attempt = 1;; ++attempt) {
    Result<socket::HttpReply> answer = call(target);
    if (!answer && !may_pass(answer.error())) return answer.error();
    if (answer && answer->status == 200) return to_bytes(as_bytes(answer->body));
    Refusal why =
        answer ? refuse(RefusalCode::unavailable, target + ": " + answer->body) : answer.error();
    if (answer && answer->status == 403) return refuse(RefusalCode::forbidden);
    if (answer && answer->status == 404) return refuse(RefusalCode::not_found, why.detail);
    if (answer && answer->status == 429) why = refuse(RefusalCode::server_busy, answer->body);
    if (answer && answer->status == 400) return refuse(RefusalCode::malformed_object, why.detail);
    // Leaves that are missing stay missing: the server says 503 of them, too.
    const int patience = why.code == RefusalCode::unavailable ? 5 : attempts;
    // Who is told when to come back comes back then, and not more seldom each time.
    const auto told = answer ? milliseconds(answer->retry_after) : milliseconds(0);
    if (attempt >= patience || !wait_(told.count() != 0 ? told : pause)) return why;
    if (told.count() == 0) pause = std::min(pause * 2, longest_pause);
  }
}

}  // namespace oberih::client
