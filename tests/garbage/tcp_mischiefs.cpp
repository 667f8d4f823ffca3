// SPDX-License-Identifier: Apache-2.0
// What goes wrong before there is TLS.
#include "tests/garbage/mischief.hpp"

namespace oberih::garbage {
namespace {

std::string client_hello(Scene& scene) {
  scene.line.begin_tls(&scene.person.identity);
  return scene.line.next_flight();
}

std::string record(unsigned type, std::size_t said_length, std::string_view payload) {
  std::string bytes{static_cast<char>(type), 3, 1, static_cast<char>(said_length >> 8),
                    static_cast<char>(said_length)};
  return bytes.append(payload);
}

}  // namespace

Afterwards noise(Scene& scene) {
  scene.line.send_raw(scene.random_bytes(1, 4096));
  return Afterwards::server_ends;
}

Afterwards silence(Scene&) { return Afterwards::server_ends; }

Afterwards cut_at_once(Scene&) { return Afterwards::we_leave; }

Afterwards http_in_the_clear(Scene& scene) {
  scene.line.send_raw(Scene::upgrade_request());
  return Afterwards::server_ends;
}

Afterwards mutated_hello(Scene& scene) {
  scene.line.send_raw(scene.random.mutate(client_hello(scene)));
  return Afterwards::server_ends;
}

Afterwards truncated_hello(Scene& scene) {
  const std::string hello = client_hello(scene);
  scene.line.send_raw(hello.substr(0, scene.random.below(hello.size())));
  if (scene.random.one_in(2)) scene.line.hang_up();
  return Afterwards::server_ends;
}

Afterwards slow_hello(Scene& scene) {
  const std::string hello = client_hello(scene);
  const std::size_t end = scene.random.below(hello.size());
  for (std::size_t at = 0; at < end; ++at) {
    if (!scene.line.send_raw(hello.substr(at, 1))) break;
    if (at % 8 == 0) scene.pause(40);
  }
  return Afterwards::server_ends;
}

Afterwards doubled_hello(Scene& scene) {
  const std::string hello = client_hello(scene);
  scene.line.send_raw(hello + hello);
  return Afterwards::server_ends;
}

Afterwards oversized_record(Scene& scene) {
  const std::size_t length = 0x4900 + scene.random.below(0xffff - 0x4900);
  scene.line.send_raw(record(22, length, scene.random_bytes(length, length)));
  return Afterwards::server_ends;
}

Afterwards lying_handshake_length(Scene& scene) {
  scene.line.send_raw(
      record(22, 16'000, std::string("\x01\xff\xff\xff", 4) + scene.random_bytes(15'996, 15'996)));
  for (int i = 0; i < 40; ++i)
    if (!scene.line.send_raw(record(22, 16'000, std::string(16'000, 'x')))) break;
  return Afterwards::server_ends;
}

Afterwards alerts_first(Scene& scene) {
  std::string bytes;
  for (std::size_t i = 1 + scene.random.below(300); i > 0; --i)
    bytes += scene.random.one_in(2) ? record(21, 2, std::string{1, static_cast<char>(90)})
                                    : record(20, 1, "\x01");
  scene.line.send_raw(bytes + client_hello(scene));
  return Afterwards::server_ends;
}

}  // namespace oberih::garbage
