// SPDX-License-Identifier: Apache-2.0
// What goes wrong between the TLS handshake and the upgrade.
#include "tests/garbage/mischief.hpp"

namespace oberih::garbage {
namespace {

constexpr std::string_view end_of_header = "\r\n\r\n";

std::string without_end(std::string request) {
  request.resize(request.size() - 2);
  return request;
}

}  // namespace

Afterwards noise_inside(Scene& scene) {
  scene.line.send(scene.random_bytes(1, 4096) + std::string(end_of_header));
  return Afterwards::server_ends;
}

Afterwards mutated_upgrade(Scene& scene) {
  scene.line.send(scene.random.mutate(Scene::upgrade_request()));
  return Afterwards::server_ends;
}

Afterwards wrong_subprotocol(Scene& scene) {
  constexpr std::array<std::string_view, 6> offers = {
      "oberih.v9", "", "oberih.v1x", ",,,;=\"", "chat, superchat", "OBERIH.V1"};
  std::string offer(offers[scene.random.below(offers.size())]);
  if (scene.random.one_in(4))
    for (int i = 0; i < 500; ++i) offer += ", v" + std::to_string(i);
  scene.line.send(Scene::upgrade_request("/", offer));
  return Afterwards::server_ends;
}

Afterwards huge_header(Scene& scene) {
  std::string request = without_end(Scene::upgrade_request());
  request += "X-Long: " + std::string(9'000 + scene.random.below(200'000), 'x');
  scene.line.send(request);
  return Afterwards::server_ends;
}

Afterwards many_fields(Scene& scene) {
  std::string request = without_end(Scene::upgrade_request());
  for (std::size_t i = 100 + scene.random.below(1'500); i > 0; --i) request += "A: b\r\n";
  scene.line.send(request + "\r\n");
  return Afterwards::server_ends;
}

Afterwards slow_header(Scene& scene) {
  for (const char byte : Scene::upgrade_request()) {
    if (!scene.line.send(std::string_view(&byte, 1))) break;
    scene.pause(60);
  }
  return Afterwards::server_ends;
}

Afterwards missing_field(Scene& scene) {
  constexpr std::array<std::string_view, 6> fields = {"Host",
                                                      "Upgrade",
                                                      "Connection",
                                                      "Sec-WebSocket-Key",
                                                      "Sec-WebSocket-Version",
                                                      "Sec-WebSocket-Protocol"};
  std::string request = Scene::upgrade_request();
  const auto at = request.find("\r\n" + std::string(fields[scene.random.below(fields.size())]));
  request.erase(at, request.find("\r\n", at + 2) - at);
  scene.line.send(request);
  return Afterwards::server_ends;
}

Afterwards pipelined(Scene& scene) {
  scene.line.send(Scene::upgrade_request() + text_frame(scene.any_request()));
  return Afterwards::server_ends;
}

Afterwards two_requests(Scene& scene) {
  const std::string health = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n";
  scene.line.send(scene.random.one_in(2) ? health + Scene::upgrade_request() : health + health);
  return Afterwards::server_ends;
}

Afterwards wrong_path(Scene& scene) {
  constexpr std::array<std::string_view, 6> paths = {"/health", "//",   "/../",
                                                     "*",       "/%00", "http://elsewhere/"};
  scene.line.send(Scene::upgrade_request(paths[scene.random.below(paths.size())]));
  if (scene.wait_for_http_status() == 101) scene.object("an upgrade elsewhere succeeds");
  return Afterwards::server_ends;
}

Afterwards other_endpoint(Scene& scene) {
  constexpr std::array<std::string_view, 8> paths = {
      "/health",     "/checkpoint",  "/",        "/../../etc/passwd",
      "/health?x=1", "/checkpoint/", "/%2e%2e/", "/tile/0/000"};
  scene.line.send("GET " + std::string(paths[scene.random.below(paths.size())]) +
                  " HTTP/1.1\r\nHost: x\r\n\r\n");
  return Afterwards::server_ends;
}

Afterwards other_method(Scene& scene) {
  constexpr std::array<std::string_view, 7> methods = {"POST",  "PUT",     "HEAD",   "DELETE",
                                                       "TRACE", "CONNECT", "OPTIONS"};
  constexpr std::array<std::string_view, 4> bodies = {
      "Content-Length: 5\r\n\r\nhello", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
      "Content-Length: 18446744073709551615\r\n\r\n", "Content-Length: -1\r\n\r\n"};
  scene.line.send(std::string(methods[scene.random.below(methods.size())]) +
                  " /health HTTP/1.1\r\nHost: x\r\n" +
                  std::string(bodies[scene.random.below(bodies.size())]));
  return Afterwards::server_ends;
}

Afterwards other_protocol(Scene& scene) {
  constexpr std::array<std::string_view, 4> openings = {
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET /health HTTP/1.0\r\n\r\n", "GET /health\r\n\r\n",
      "GET / HTTP/9.9\r\n\r\n"};
  scene.line.send(openings[scene.random.below(openings.size())]);
  return Afterwards::server_ends;
}

Afterwards half_header(Scene& scene) {
  const std::string request = Scene::upgrade_request();
  scene.line.send(request.substr(0, scene.random.below(request.size())));
  return scene.random.one_in(2) ? Afterwards::we_leave : Afterwards::server_ends;
}

Afterwards upgrade_and_silence(Scene& scene) {
  scene.line.send(Scene::upgrade_request());
  return Afterwards::server_ends;
}

}  // namespace oberih::garbage
