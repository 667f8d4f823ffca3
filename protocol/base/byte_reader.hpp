// SPDX-License-Identifier: Apache-2.0
// Reads the notation of the protocol reference. Failure is sticky: read all fields, then ask once
// `complete()`, which is true only when nothing was missing and nothing is left over.
#pragma once

#include "protocol/base/bytes.hpp"
#include "protocol/base/ids.hpp"

namespace oberih {

class ByteReader {
 public:
  explicit ByteReader(ByteView data) : rest_(data) {}

  std::uint8_t u8() { return static_cast<std::uint8_t>(integer(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(integer(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(integer(4)); }
  std::uint64_t u64() { return integer(8); }

  template <class Id>
  Id id() {
    return Id::from(take(Id::size)).value_or(Id{});
  }
  /// The next `size` bytes, or an empty view and failure.
  ByteView take(std::size_t size) {
    if (failed_ || size > rest_.size()) {
      failed_ = true;
      return {};
    }
    ByteView taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }
  /// `vec(x)` of at most `max_bytes`; the view lives as long as the data.
  ByteView vec(std::size_t max_bytes) {
    std::uint32_t size = u32();
    if (size > max_bytes) failed_ = true;
    return take(size);
  }
  ByteView remaining() const { return failed_ ? ByteView{} : rest_; }

  void fail() { failed_ = true; }
  bool failed() const { return failed_; }
  bool at_end() const { return rest_.empty(); }
  bool complete() const { return !failed_ && rest_.empty(); }

 private:
  std::uint64_t integer(std::size_t width) {
    std::uint64_t value = 0;
    for (std::uint8_t byte : take(width)) value = value << 8 | byte;
    return value;
  }

  ByteView rest_;
  bool failed_ = false;
};

}  // namespace oberih
