// SPDX-License-Identifier: Apache-2.0
// RFC 6455 5.2 as a client needs it: masked frames out, unmasked frames in, without a copy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace oberih::load {

enum class Opcode : std::uint8_t { text = 1, close = 8, ping = 9, pong = 10 };

std::string masked_frame(Opcode opcode, std::string_view payload);
inline std::string masked_text_frame(std::string_view payload) {
  return masked_frame(Opcode::text, payload);
}

struct IncomingFrame {
  Opcode opcode{};
  std::string_view payload;
  std::size_t bytes = 0;  // header and payload
};
/// Nothing while the frame is not whole. Throws std::runtime_error for a fragment: the server sends
/// none.
std::optional<IncomingFrame> find_frame(std::string_view bytes);

}  // namespace oberih::load
