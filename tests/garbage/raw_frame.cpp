// SPDX-License-Identifier: Apache-2.0
#include "tests/garbage/raw_frame.hpp"

#include <array>

namespace oberih::garbage {
namespace {

constexpr std::array<char, 4> mask = {0x5a, 0x21, 0x07, 0x3c};

void append_number(std::string& bytes, std::uint64_t number, int count) {
  for (int i = count - 1; i >= 0; --i) bytes += static_cast<char>(number >> (8 * i));
}

}  // namespace

std::string encode(const RawFrame& frame) {
  const std::uint64_t length = frame.said_length.value_or(frame.payload.size());
  std::string bytes;
  bytes += static_cast<char>((frame.is_final ? 0x80 : 0) | (frame.reserved & 7) << 4 |
                             (frame.opcode & 0x0f));
  const int mask_bit = frame.is_masked ? 0x80 : 0;
  if (frame.form == LengthForm::eight_bytes || length > 0xffff) {
    bytes += static_cast<char>(mask_bit | 127);
    append_number(bytes, length, 8);
  } else if (frame.form == LengthForm::two_bytes || length > 125) {
    bytes += static_cast<char>(mask_bit | 126);
    append_number(bytes, length, 2);
  } else {
    bytes += static_cast<char>(mask_bit | static_cast<int>(length));
  }
  if (frame.is_masked) bytes.append(mask.data(), mask.size());
  for (std::size_t i = 0; i < frame.payload.size(); ++i)
    bytes += frame.is_masked ? static_cast<char>(frame.payload[i] ^ mask[i % 4]) : frame.payload[i];
  return bytes;
}

}  // namespace oberih::garbage
