// SPDX-License-Identifier: Apache-2.0
#include "tests/garbage/scene.hpp"

#include <thread>

#include "protocol/wire/requests.hpp"

namespace oberih::garbage {
namespace {

constexpr std::chrono::milliseconds scene_glance{100};

}  // namespace

Scene::Scene(Target& whom, std::uint64_t seed)
    : target(whom),
      random(seed),
      person(whom.hostile[random.below(whom.hostile.size())]),
      line(whom.port, whom.patience) {}

bool Scene::climb(Stage stage) {
  if (stage == Stage::tcp || stage == Stage::tls) return true;
  line.begin_tls(&person.identity);
  if (!line.shake_hands()) return false;
  if (stage == Stage::http) return true;
  if (!upgrade()) return false;
  return stage == Stage::member || random.one_in(2) ? say_hello() : true;
}

unsigned Scene::wait_for_http_status() {
  const auto deadline = Clock::now() + target.patience;
  while (words.http_status() == 0 && Clock::now() < deadline) {
    const std::string heard = line.receive(scene_glance);
    words.hear(heard);
    if (heard.empty() && line.has_ended()) break;
  }
  return words.http_status();
}

bool Scene::upgrade() { return line.send(upgrade_request()) && wait_for_http_status() == 101; }

bool Scene::say_hello() {
  send_text(wire::encode_request(1, wire::SessionHello::method,
                                 encode_params(wire::SessionHello{"garbage", 0})));
  const auto reply = wait_for_reply(1);
  return reply && !reply->refusal;
}

std::optional<wire::RpcReply> Scene::wait_for_reply(std::uint64_t id) {
  for (const auto deadline = Clock::now() + target.patience; Clock::now() < deadline;) {
    if (auto reply = words.take_reply(id)) return reply;
    if (words.close_code()) return std::nullopt;
    const std::string heard = line.receive(scene_glance);
    words.hear(heard);
    if (heard.empty() && line.has_ended()) return words.take_reply(id);
  }
  return std::nullopt;
}

void Scene::pause(unsigned longest_ms) {
  std::this_thread::sleep_for(std::chrono::milliseconds(random.below(longest_ms + 1)));
}

std::string Scene::random_bytes(std::size_t least, std::size_t most) {
  std::string bytes(least + random.below(most - least + 1), '\0');
  for (char& byte : bytes) byte = static_cast<char>(random.below(256));
  return bytes;
}

std::string Scene::upgrade_request(std::string_view path, std::string_view subprotocol) {
  return "GET " + std::string(path) +
         " HTTP/1.1\r\nHost: oberih\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
         "Sec-WebSocket-Protocol: " +
         std::string(subprotocol) + "\r\n\r\n";
}

}  // namespace oberih::garbage
