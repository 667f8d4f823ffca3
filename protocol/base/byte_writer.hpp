// SPDX-License-Identifier: Apache-2.0
// Writes the notation of the protocol reference: big-endian integers, `vec(x) = u32(len x) || x`.
#pragma once

#include "protocol/base/bytes.hpp"
#include "protocol/base/ids.hpp"

namespace oberih {

class ByteWriter {
 public:
  explicit ByteWriter(std::size_t expected_bytes = 0) { bytes_.reserve(expected_bytes); }

  ByteWriter& u8(std::uint8_t value) { return integer(value, 1); }
  ByteWriter& u16(std::uint16_t value) { return integer(value, 2); }
  ByteWriter& u32(std::uint32_t value) { return integer(value, 4); }
  ByteWriter& u64(std::uint64_t value) { return integer(value, 8); }
  ByteWriter& raw(ByteView view) {
    bytes_.insert(bytes_.end(), view.begin(), view.end());
    return *this;
  }
  ByteWriter& raw(std::string_view text) { return raw(as_bytes(text)); }
  template <class Tag, std::size_t N>
  ByteWriter& raw(const FixedBytes<Tag, N>& value) {
    return raw(value.view());
  }
  /// `vec(x)`. A caller never has more than 2^32-1 bytes: every object has a limit in limits.hpp.
  ByteWriter& vec(ByteView view) { return u32(static_cast<std::uint32_t>(view.size())).raw(view); }
  ByteWriter& vec(std::string_view text) { return vec(as_bytes(text)); }

  const Bytes& bytes() const { return bytes_; }
  Bytes take() { return std::move(bytes_); }

 private:
  ByteWriter& integer(std::uint64_t value, int width) {
    for (int shift = (width - 1) * 8; shift >= 0; shift -= 8)
      bytes_.push_back(static_cast<std::uint8_t>(value >> shift));
    return *this;
  }

  Bytes bytes_;
};

}  // namespace oberih
