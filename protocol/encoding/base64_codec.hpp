// SPDX-License-Identifier: Apache-2.0
// The bits that both base64 alphabets share. Used by base64.cpp and base64url.cpp only.
#pragma once

#include <array>
#include <optional>

#include "protocol/base/bytes.hpp"

namespace oberih::encoding {

class Base64Codec {
 public:
  /// `alphabet` has 64 characters and outlives the codec.
  explicit Base64Codec(std::string_view alphabet);

  /// Without padding.
  std::string encode(ByteView bytes) const;
  /// Without padding; nothing for a foreign character, an impossible length or trailing bits.
  std::optional<Bytes> decode(std::string_view text) const;

 private:
  std::string_view alphabet_;
  std::array<std::int8_t, 256> values_;  // -1 = not in the alphabet
};

}  // namespace oberih::encoding
