// SPDX-License-Identifier: Apache-2.0
#include "protocol/encoding/base64_codec.hpp"

namespace oberih::encoding {

Base64Codec::Base64Codec(std::string_view alphabet) : alphabet_(alphabet) {
  values_.fill(-1);
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    values_[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
}

std::string Base64Codec::encode(ByteView bytes) const {
  std::string text((bytes.size() * 4 + 2) / 3, '\0');
  char* out = text.data();
  // Held here, since a letter written could be a member, for all the compiler knows.
  const auto letter = [letters = alphabet_.data()](std::uint32_t bits) {
    return letters[bits & 0x3f];
  };
  for (; bytes.size() >= 3; bytes = bytes.subspan(3)) {
    const std::uint32_t group = std::uint32_t{bytes[0]} << 16 | bytes[1] << 8 | bytes[2];
    *out++ = letter(group >> 18);
    *out++ = letter(group >> 12);
    *out++ = letter(group >> 6);
    *out++ = letter(group);
  }
  if (bytes.empty()) return text;
  const std::uint32_t rest =
      std::uint32_t{bytes[0]} << 16 | (bytes.size() == 2 ? bytes[1] << 8 : 0);
  *out++ = letter(rest >> 18);
  *out++ = letter(rest >> 12);
  if (bytes.size() == 2) *out++ = letter(rest >> 6);
  return text;
}

std::optional<Bytes> Base64Codec::decode(std::string_view text) const {
  if (text.size() % 4 == 1) return std::nullopt;
  Bytes bytes(text.size() * 3 / 4);
  std::uint8_t* out = bytes.data();
  const auto value_of = [this](char letter) {
    return static_cast<std::int32_t>(values_[static_cast<unsigned char>(letter)]);
  };
  while (text.size() >= 4) {
    // A wrong letter is -1: all bits set, so a group with one is negative.
    const std::int32_t a = value_of(text[0]), b = value_of(text[1]), c = value_of(text[2]),
                       d = value_of(text[3]);
    if ((a | b | c | d) < 0) return std::nullopt;
    const auto group = static_cast<std::uint32_t>(a << 18 | b << 12 | c << 6 | d);
    *out++ = static_cast<std::uint8_t>(group >> 16);
    *out++ = static_cast<std::uint8_t>(group >> 8);
    *out++ = static_cast<std::uint8_t>(group);
    text.remove_prefix(4);
  }
  std::uint32_t pending = 0;
  int pending_bits = 0;
  for (const char letter : text) {
    const std::int32_t value = value_of(letter);
    if (value < 0) return std::nullopt;
    pending = pending << 6 | static_cast<std::uint32_t>(value);
    pending_bits += 6;
    if (pending_bits < 8) continue;
    pending_bits -= 8;
    *out++ = static_cast<std::uint8_t>(pending >> pending_bits);
  }
  // One text for one value: bits that no byte uses are zero.
  if ((pending & ((1u << pending_bits) - 1)) != 0) return std::nullopt;
  return bytes;
}

}  // namespace oberih::encoding
