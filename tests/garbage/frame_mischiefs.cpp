// SPDX-License-Identifier: Apache-2.0
// What goes wrong in WebSocket frames.
#include "protocol/base/limits.hpp"
#include "tests/garbage/mischief.hpp"

namespace oberih::garbage {
namespace {

std::string close_payload(unsigned code, std::string_view reason) {
  std::string payload{static_cast<char>(code >> 8), static_cast<char>(code)};
  return payload.append(reason);
}

}  // namespace

Afterwards unmasked(Scene& scene) {
  scene.send_frame({.is_masked = false, .payload = scene.any_request()});
  return Afterwards::server_ends;
}

Afterwards reserved_bits(Scene& scene) {
  scene.send_frame({.reserved = static_cast<std::uint8_t>(1 + scene.random.below(7)),
                    .payload = scene.any_request()});
  return Afterwards::server_ends;
}

Afterwards unknown_opcode(Scene& scene) {
  constexpr std::array<std::uint8_t, 10> opcodes = {3, 4, 5, 6, 7, 11, 12, 13, 14, 15};
  scene.send_frame({.opcode = opcodes[scene.random.below(opcodes.size())], .payload = "x"});
  return Afterwards::server_ends;
}

Afterwards binary(Scene& scene) {
  scene.send_frame({.opcode = opcode_binary, .payload = scene.random_bytes(0, 3'000)});
  return Afterwards::server_ends;
}

Afterwards bad_utf8(Scene& scene) {
  constexpr std::array<std::string_view, 5> pieces = {"\xff", "\xc0\x80", "\xed\xa0\x80",
                                                      "\xf4\x90\x80\x80", "\xe2\x82"};
  const std::string text = "\"" + std::string(pieces[scene.random.below(pieces.size())]);
  if (scene.random.one_in(2)) {
    scene.send_text(text + "\"");
  } else {
    const std::size_t cut = 1 + scene.random.below(text.size() - 1);
    scene.send_frame({.is_final = false, .payload = text.substr(0, cut)});
    scene.send_frame({.opcode = opcode_continuation, .payload = text.substr(cut) + "\""});
  }
  return Afterwards::server_ends;
}

Afterwards oversized_control(Scene& scene) {
  scene.send_frame({.opcode = opcode_ping, .payload = scene.random_bytes(126, 70'000)});
  return Afterwards::server_ends;
}

Afterwards fragmented_control(Scene& scene) {
  scene.send_frame({.opcode = static_cast<std::uint8_t>(opcode_close + scene.random.below(3)),
                    .is_final = false,
                    .payload = "xx"});
  return Afterwards::server_ends;
}

Afterwards bad_close(Scene& scene) {
  constexpr std::array<unsigned, 8> codes = {0, 999, 1004, 1005, 1006, 1015, 2999, 65535};
  std::string payload = close_payload(codes[scene.random.below(codes.size())], "");
  if (scene.random.one_in(3)) payload = "\x03";
  if (scene.random.one_in(3)) payload = close_payload(1000, "\xff\xfe");
  scene.send_frame({.opcode = opcode_close, .payload = payload});
  return Afterwards::server_ends;
}

Afterwards close_and_go_on(Scene& scene) {
  scene.send_frame({.opcode = opcode_close, .payload = close_payload(1000, "bye")});
  for (int i = 0; i < 20; ++i)
    if (!scene.send_text(scene.any_request())) break;
  return Afterwards::server_ends;
}

Afterwards close_and_stay(Scene& scene) {
  scene.send_frame({.opcode = opcode_close, .payload = close_payload(4999, "")});
  return Afterwards::server_ends;
}

Afterwards huge_length(Scene& scene) {
  constexpr std::array<std::uint64_t, 5> lengths = {UINT64_MAX, std::uint64_t{1} << 63, INT64_MAX,
                                                    0x100000000, 0x7fffffff};
  scene.send_frame({.form = LengthForm::eight_bytes,
                    .said_length = lengths[scene.random.below(lengths.size())],
                    .payload = scene.random_bytes(0, 2'000)});
  return Afterwards::server_ends;
}

Afterwards lying_length(Scene& scene) {
  const std::string payload = scene.any_request();
  scene.send_frame(
      {.said_length = payload.size() + 1 + scene.random.below(60'000), .payload = payload});
  return Afterwards::server_ends;
}

Afterwards long_form(Scene& scene) {
  scene.send_frame(
      {.form = scene.random.one_in(2) ? LengthForm::two_bytes : LengthForm::eight_bytes,
       .payload = "{}"});
  return Afterwards::server_ends;
}

Afterwards oversized_message(Scene& scene) {
  const std::size_t size = limits::frame_bytes + 1 + scene.random.below(100'000);
  if (scene.random.one_in(2)) {
    scene.send_text(std::string(size, ' '));
    return Afterwards::server_ends;
  }
  for (std::size_t sent = 0; sent < size; sent += 10'000)
    if (!scene.send_frame({.opcode = sent == 0 ? opcode_text : opcode_continuation,
                           .is_final = false,
                           .payload = std::string(10'000, ' ')}))
      break;
  return Afterwards::server_ends;
}

Afterwards stray_continuation(Scene& scene) {
  scene.send_frame({.opcode = opcode_continuation,
                    .is_final = scene.random.one_in(2),
                    .payload = scene.any_request()});
  return Afterwards::server_ends;
}

Afterwards interrupted_message(Scene& scene) {
  scene.send_frame({.is_final = false, .payload = "{"});
  scene.send_text(scene.any_request());
  return Afterwards::server_ends;
}

Afterwards fragments(Scene& scene) {
  const std::string request = scene.any_request();
  for (std::size_t at = 0; at < request.size();) {
    const std::string piece = request.substr(at, 1 + scene.random.below(request.size() / 4));
    scene.send_frame({.opcode = at == 0 ? opcode_text : opcode_continuation,
                      .is_final = false,
                      .payload = piece});
    at += piece.size();
    if (scene.random.one_in(2)) scene.send_frame({.opcode = opcode_ping, .payload = "between"});
  }
  scene.send_frame({.opcode = opcode_continuation});
  return Afterwards::answers;
}

Afterwards empty_fragments(Scene& scene) {
  for (std::size_t i = 200 + scene.random.below(2'000); i > 0; --i)
    if (!scene.send_frame(
            {.opcode = i % 5 == 0 ? opcode_text : opcode_continuation, .is_final = false}))
      break;
  return Afterwards::server_ends;
}

Afterwards ping_flood(Scene& scene) {
  for (std::size_t i = 100 + scene.random.below(1'000); i > 0; --i)
    if (!scene.send_frame({.opcode = scene.random.one_in(2) ? opcode_ping : opcode_pong,
                           .payload = scene.random_bytes(0, 125)}))
      break;
  return Afterwards::answers;
}

Afterwards mutated_frame(Scene& scene) {
  scene.line.send(scene.random.mutate(text_frame(scene.any_request())));
  return Afterwards::answers_or_ends;
}

Afterwards frame_byte_by_byte(Scene& scene) {
  std::string records;
  for (const char byte : text_frame(scene.target.requests.front()))
    records += scene.line.seal(std::string_view(&byte, 1));
  scene.line.send_raw(records);
  return Afterwards::answers;
}

Afterwards cut_in_frame(Scene& scene) {
  const std::string frame = text_frame(scene.any_request());
  scene.line.send(frame.substr(0, scene.random.below(frame.size())));
  return Afterwards::we_leave;
}

Afterwards fall_silent(Scene&) { return Afterwards::server_ends; }

}  // namespace oberih::garbage
