// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/remark_text.hpp"

#include <algorithm>

#include "protocol/base/byte_reader.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::sealing {
namespace {

constexpr std::uint8_t remark_version = 1;
constexpr std::size_t frame_bytes = 1 + 4;

}  // namespace

Result<SecretBuffer> encode_remark(std::string_view remark) {
  if (remark.size() > remark_bytes) return refuse(RefusalCode::body_too_large);
  if (!encoding::is_valid_utf8(remark))
    return refuse(RefusalCode::invalid_parameters, "the text is not UTF-8");
  // Written in place: a growing writer would leave unwiped copies of the text behind.
  SecretBuffer buffer(frame_bytes + remark.size());
  std::span<std::uint8_t> out = buffer.writable();
  const auto size = static_cast<std::uint32_t>(remark.size());
  out[0] = remark_version;
  for (int i = 0; i < 4; ++i) out[1 + i] = static_cast<std::uint8_t>(size >> (24 - 8 * i));
  std::copy(remark.begin(), remark.end(), out.begin() + frame_bytes);
  return buffer;
}

Result<std::string> parse_remark(ByteView bytes) {
  ByteReader reader(bytes);
  if (reader.u8() != remark_version)
    return refuse(RefusalCode::malformed_object, "unknown version of a remark");
  const ByteView text = reader.vec(remark_bytes);
  if (!reader.complete()) return refuse(RefusalCode::malformed_object, "a remark of wrong length");
  if (!encoding::is_valid_utf8(as_text(text)))
    return refuse(RefusalCode::malformed_object, "a remark that is not UTF-8");
  return std::string(as_text(text));
}

}  // namespace oberih::sealing
