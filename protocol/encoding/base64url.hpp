// SPDX-License-Identifier: Apache-2.0
// base64url without padding (RFC 4648, 5): how JSON carries bytes. One text for one value: padding,
// white space and non-zero trailing bits are refused.
#pragma once

#include <optional>

#include "protocol/base/ids.hpp"

namespace oberih::encoding {

std::string encode_base64url(ByteView bytes);
std::optional<Bytes> decode_base64url(std::string_view text);

template <class Tag, std::size_t N>
std::string encode_base64url(const FixedBytes<Tag, N>& value) {
  return encode_base64url(value.view());
}

/// An id, key, hash or signature; nothing when the text is not exactly its bytes.
template <class Fixed>
std::optional<Fixed> decode_base64url_as(std::string_view text) {
  std::optional<Bytes> bytes = decode_base64url(text);
  if (!bytes) return std::nullopt;
  return Fixed::from(*bytes);
}

}  // namespace oberih::encoding
