// SPDX-License-Identifier: Apache-2.0
#include "protocol/encoding/hex.hpp"

#include <array>

namespace oberih::encoding {
namespace {

constexpr std::string_view digits = "0123456789abcdef";
constexpr std::uint8_t no_digit = 0xff;

// By table: every page that a client reads comes out of the database as hexadecimal digits.
constexpr std::array<std::uint8_t, 256> value_of = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(no_digit);
  for (std::size_t i = 0; i < digits.size(); ++i)
    values[static_cast<unsigned char>(digits[i])] = static_cast<std::uint8_t>(i);
  return values;
}();

}  // namespace

void append_hex(std::string& text, ByteView bytes) {
  const std::size_t before = text.size();
  text.resize(before + bytes.size() * 2);
  char* out = text.data() + before;
  for (const std::uint8_t byte : bytes) {
    *out++ = digits[byte >> 4];
    *out++ = digits[byte & 0x0f];
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
  // Through pointers of its own: a byte written could be the vector's, for all the compiler knows.
  const auto* in = reinterpret_cast<const unsigned char*>(text.data());
  std::uint8_t bad = 0;
  for (std::uint8_t *out = bytes.data(), *end = out + bytes.size(); out != end; in += 2) {
    const std::uint8_t high = value_of[in[0]], low = value_of[in[1]];
    bad |= high | low;
    *out++ = static_cast<std::uint8_t>(high << 4 | (low & 0x0f));
  }
  if ((bad & 0xf0) != 0) return std::nullopt;
  return bytes;
}

}  // namespace oberih::encoding
