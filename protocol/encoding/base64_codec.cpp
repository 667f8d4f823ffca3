// SPDX-License-Identifier: Apache-2.0
#include "protocol/encoding/base64_codec.hpp"

namespace oberih::encoding {

Base64Codec::Base64Codec(std::string_view alphabet) : alphabet_(alphabet) {
  values_.fill(-1);
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    values_[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
}

std::string Base64Codec::encode(ByteView bytes) const {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t pending = 0;
  int pending_bits = 0;
  for (std::uint8_t byte : bytes) {
    pending = pending << 8 | byte;
    for (pending_bits += 8; pending_bits >= 6; pending_bits -= 6)
      text.push_back(alphabet_[pending >> (pending_bits - 6) & 0x3f]);
  }
  if (pending_bits > 0) text.push_back(alphabet_[pending << (6 - pending_bits) & 0x3f]);
  return text;
}

std::optional<Bytes> Base64Codec::decode(std::string_view text) const {
  if (text.size() % 4 == 1) return std::nullopt;
  Bytes bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t pending = 0;
  int pending_bits = 0;
  for (char character : text) {
    int value = values_[static_cast<unsigned char>(character)];
    if (value < 0) return std::nullopt;
    pending = pending << 6 | static_cast<std::uint32_t>(value);
    pending_bits += 6;
    if (pending_bits < 8) continue;
    pending_bits -= 8;
    bytes.push_back(static_cast<std::uint8_t>(pending >> pending_bits));
  }
  // One text for one value: bits that no byte uses are zero.
  if ((pending & ((1u << pending_bits) - 1)) != 0) return std::nullopt;
  return bytes;
}

}  // namespace oberih::encoding
