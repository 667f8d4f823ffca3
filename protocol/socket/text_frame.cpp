// SPDX-License-Identifier: Apache-2.0
#include "protocol/socket/text_frame.hpp"

#include <array>

#include "protocol/crypto/random_bytes.hpp"

namespace oberih::socket {

namespace {

constexpr std::uint8_t whole_text = 0x81;  // FIN and opcode 1
constexpr std::uint8_t mask_bit = 0x80;

void append_length(Bytes& out, std::size_t size, std::uint8_t mask) {
  std::size_t length_bytes = 0;
  if (size >= 126) length_bytes = size < 65'536 ? 2 : 8;
  const std::size_t first = length_bytes == 0 ? size : length_bytes == 2 ? 126 : 127;
  out.push_back(static_cast<std::uint8_t>(mask | first));
  while (length_bytes-- > 0) out.push_back(static_cast<std::uint8_t>(size >> (8 * length_bytes)));
}

}  // namespace

void append_text_frame(Bytes& out, std::string_view message, Masking masking) {
  out.push_back(whole_text);
  append_length(out, message.size(), masking == Masking::random ? mask_bit : 0);
  std::array<std::uint8_t, 4> mask{};
  if (masking == Masking::random) {
    crypto::fill_random(mask);
    out.insert(out.end(), mask.begin(), mask.end());
  }
  const std::size_t start = out.size();
  out.insert(out.end(), message.begin(), message.end());
  if (masking == Masking::none) return;
  for (std::size_t i = 0; i < message.size(); ++i) out[start + i] ^= mask[i % 4];
}

}  // namespace oberih::socket
