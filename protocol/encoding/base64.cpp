// SPDX-License-Identifier: Apache-2.0
#include "protocol/encoding/base64.hpp"

#include "protocol/encoding/base64_codec.hpp"

namespace oberih::encoding {
namespace {

const Base64Codec& codec() {
  static const Base64Codec instance(
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
  return instance;
}

}  // namespace

std::string encode_base64(ByteView bytes) {
  std::string text = codec().encode(bytes);
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

std::optional<Bytes> decode_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  return codec().decode(text);
}

}  // namespace oberih::encoding
