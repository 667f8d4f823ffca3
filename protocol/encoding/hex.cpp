// SPDX-License-Identifier: Apache-2.0
// Every page that a client reads comes out of the database as hexadecimal digits. Both directions
// are arithmetic on plain bytes, without tables or branches, so that the compiler makes vector
// instructions of them; through pointers of their own, since a byte written could belong to the
// string or vector, for all the compiler knows.
#include "protocol/encoding/hex.hpp"

namespace oberih::encoding {
namespace {

/// 0 to 15.
constexpr std::uint8_t digit_of(std::uint8_t value) {
  return static_cast<std::uint8_t>(value + (value < 10 ? '0' : 'a' - 10));
}
/// Right for lower-case digits; something for all else.
constexpr std::uint8_t value_of(std::uint8_t digit) {
  return static_cast<std::uint8_t>(((digit & 0x0f) + 9 * (digit >> 6)) & 0x0f);
}

}  // namespace

void append_hex(std::string& text, ByteView bytes) {
  const std::size_t before = text.size();
  text.resize(before + bytes.size() * 2);
  char* const out = text.data() + before;
  const std::uint8_t* const in = bytes.data();
  for (std::size_t i = 0, count = bytes.size(); i < count; ++i) {
    out[2 * i] = static_cast<char>(digit_of(in[i] >> 4));
    out[2 * i + 1] = static_cast<char>(digit_of(in[i] & 0x0f));
  }
}

std::string encode_hex(ByteView bytes) {
  std::string text;
  append_hex(text, bytes);
  return text;
}

std::optional<Bytes> decode_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  Bytes bytes(text.size() / 2);
  const auto* const in = reinterpret_cast<const std::uint8_t*>(text.data());
  std::uint8_t* const out = bytes.data();
  std::uint8_t differences = 0;  // between the text and what the bytes would be written as
  for (std::size_t i = 0, count = bytes.size(); i < count; ++i) {
    const std::uint8_t high = value_of(in[2 * i]), low = value_of(in[2 * i + 1]);
    out[i] = static_cast<std::uint8_t>(high << 4 | low);
    differences |= (digit_of(high) ^ in[2 * i]) | (digit_of(low) ^ in[2 * i + 1]);
  }
  if (differences != 0) return std::nullopt;
  return bytes;
}

}  // namespace oberih::encoding
