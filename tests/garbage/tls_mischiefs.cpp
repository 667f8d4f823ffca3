// SPDX-License-Identifier: Apache-2.0
// What goes wrong within TLS: whose certificate, which records.
#include <openssl/ssl.h>

#include <utility>

#include "tests/garbage/mischief.hpp"

namespace oberih::garbage {
namespace {

constexpr std::chrono::milliseconds one_flight{5'000};

/// Begins a handshake and brings it as far as our second flight, which it returns unsent.
std::string second_flight(Scene& scene) {
  scene.line.begin_tls(&scene.person.identity);
  scene.line.send_raw(scene.line.next_flight());
  std::string flight;
  const auto deadline = Clock::now() + one_flight;
  while (flight.empty() && !scene.line.has_ended() && Clock::now() < deadline)
    flight = scene.line.take_next_flight(one_flight);
  return flight;
}

Afterwards leave_or_stay(Scene& scene) {
  return scene.random.one_in(2) ? Afterwards::we_leave : Afterwards::server_ends;
}

/// Handshake with whatever was begun, then a genuine request: the answer shows who was let in.
Afterwards try_to_enter(Scene& scene) {
  if (scene.line.shake_hands()) scene.line.send(Scene::upgrade_request());
  return Afterwards::server_ends;
}

}  // namespace

Afterwards old_version(Scene& scene) {
  scene.line.begin_tls(&scene.person.identity, TLS1_2_VERSION);
  return try_to_enter(scene);
}

Afterwards no_certificate(Scene& scene) {
  scene.line.begin_tls(nullptr);
  return try_to_enter(scene);
}

Afterwards unknown_certificate(Scene& scene) {
  scene.line.begin_tls(&scene.target.stranger);
  return try_to_enter(scene);
}

Afterwards borrowed_certificate(Scene& scene) {
  scene.line.begin_tls_with_borrowed_certificate(scene.person.identity, scene.target.stranger);
  return try_to_enter(scene);
}

Afterwards mutated_flight(Scene& scene) {
  scene.line.send_raw(scene.random.mutate(second_flight(scene)));
  return Afterwards::server_ends;
}

Afterwards truncated_flight(Scene& scene) {
  const std::string flight = second_flight(scene);
  scene.line.send_raw(flight.substr(0, scene.random.below(flight.size())));
  return leave_or_stay(scene);
}

Afterwards early_data(Scene& scene) {
  second_flight(scene);
  const std::string payload = scene.random_bytes(1, 300);
  std::string record{0x17, 3, 3, static_cast<char>(payload.size() >> 8),
                     static_cast<char>(payload.size())};
  scene.line.send_raw(record + payload);
  return Afterwards::server_ends;
}

Afterwards damaged_record(Scene& scene) {
  if (!scene.climb(Stage::http)) return Afterwards::server_ends;
  std::string record = scene.line.seal(Scene::upgrade_request());
  for (std::size_t flips = 1 + scene.random.below(4); flips > 0; --flips)
    record[scene.random.below(record.size())] ^= static_cast<char>(1 << scene.random.below(8));
  scene.line.send_raw(record);
  return Afterwards::server_ends;
}

Afterwards replayed_record(Scene& scene) {
  if (!scene.climb(Stage::member)) return Afterwards::server_ends;
  const std::string record = scene.line.seal(text_frame(scene.any_request()));
  scene.line.send_raw(record + record);
  return Afterwards::server_ends;
}

Afterwards swapped_records(Scene& scene) {
  if (!scene.climb(Stage::http)) return Afterwards::server_ends;
  const std::string request = Scene::upgrade_request();
  const std::string first = scene.line.seal(request.substr(0, 20));
  scene.line.send_raw(scene.line.seal(request.substr(20)) + first);
  return Afterwards::server_ends;
}

Afterwards plain_record(Scene& scene) {
  if (!scene.climb(scene.random.one_in(2) ? Stage::http : Stage::member))
    return Afterwards::server_ends;
  const char type = static_cast<char>(20 + scene.random.below(4));
  const std::string payload = scene.random_bytes(1, 100);
  scene.line.send_raw(std::string{type, 3, 3, 0, static_cast<char>(payload.size())} + payload);
  return Afterwards::server_ends;
}

Afterwards half_record(Scene& scene) {
  if (!scene.climb(scene.random.one_in(2) ? Stage::http : Stage::member))
    return Afterwards::server_ends;
  const std::string record = scene.line.seal(scene.any_request());
  scene.line.send_raw(record.substr(0, scene.random.below(record.size())));
  return leave_or_stay(scene);
}

Afterwards key_update_flood(Scene& scene) {
  if (!scene.climb(Stage::member)) return Afterwards::server_ends;
  for (int i = 0; i < 400; ++i) {
    SSL_key_update(scene.line.tls(), SSL_KEY_UPDATE_REQUESTED);
    if (!scene.line.send_raw(scene.line.next_flight())) break;
  }
  return Afterwards::answers_or_ends;
}

Afterwards goodbye_and_stay(Scene& scene) {
  if (!scene.climb(scene.random.one_in(2) ? Stage::http : Stage::member))
    return Afterwards::server_ends;
  SSL_shutdown(scene.line.tls());
  scene.line.send_raw(scene.line.seal({}));
  return Afterwards::server_ends;
}

}  // namespace oberih::garbage
