// SPDX-License-Identifier: Apache-2.0
#include "protocol/encoding/base64url.hpp"

#include "protocol/encoding/base64_codec.hpp"

namespace oberih::encoding {
namespace {

const Base64Codec& url_codec() {
  static const Base64Codec instance(
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
  return instance;
}

}  // namespace

std::string encode_base64url(ByteView bytes) { return url_codec().encode(bytes); }
std::optional<Bytes> decode_base64url(std::string_view text) { return url_codec().decode(text); }

}  // namespace oberih::encoding
