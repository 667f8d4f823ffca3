// SPDX-License-Identifier: Apache-2.0
// WebSocket frames (RFC 6455 5.2) of which every bit can lie.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace oberih::garbage {

enum Opcode : std::uint8_t {
  opcode_continuation = 0,
  opcode_text = 1,
  opcode_binary = 2,
  opcode_close = 8,
  opcode_ping = 9,
  opcode_pong = 10
};
enum class LengthForm { shortest, two_bytes, eight_bytes };

struct RawFrame {
  std::uint8_t opcode = opcode_text;
  bool is_final = true;
  std::uint8_t reserved = 0;  // three bits
  bool is_masked = true;
  LengthForm form = LengthForm::shortest;
  std::optional<std::uint64_t> said_length = {};  // not set: the truth
  std::string payload = {};
};

std::string encode(const RawFrame& frame);
inline std::string text_frame(std::string_view text) {
  return encode({.payload = std::string(text)});
}

}  // namespace oberih::garbage
