// SPDX-License-Identifier: Apache-2.0
// Lower-case hexadecimal: what people compare out of band, and test vectors.
#pragma once

#include <optional>

#include "protocol/base/ids.hpp"

namespace oberih::encoding {

void append_hex(std::string& text, ByteView bytes);
std::string encode_hex(ByteView bytes);
/// Nothing for an odd length, an upper-case digit or anything that is no digit.
std::optional<Bytes> decode_hex(std::string_view text);

template <class Tag, std::size_t N>
std::string encode_hex(const FixedBytes<Tag, N>& value) {
  return encode_hex(value.view());
}

template <class Fixed>
std::optional<Fixed> decode_hex_as(std::string_view text) {
  std::optional<Bytes> bytes = decode_hex(text);
  if (!bytes) return std::nullopt;
  return Fixed::from(*bytes);
}

}  // namespace oberih::encoding
