// SPDX-License-Identifier: Apache-2.0
// Writes plaintext into a buffer of the right size: a growing writer would leave unwiped copies
// behind.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>

namespace oberih {

/// REQUIRES: what is written fits.
class InPlaceWriter {
 public:
  explicit InPlaceWriter(std::span<std::uint8_t> out) : out_(out) {}

  void u8(std::uint8_t value) { out_[at_++] = value; }
  void u16(std::uint16_t value) {
    u8(static_cast<std::uint8_t>(value >> 8));
    u8(static_cast<std::uint8_t>(value));
  }
  void vec(std::string_view text) {
    const auto size = static_cast<std::uint32_t>(text.size());
    for (int shift = 24; shift >= 0; shift -= 8) u8(static_cast<std::uint8_t>(size >> shift));
    std::copy(text.begin(), text.end(), out_.begin() + static_cast<std::ptrdiff_t>(at_));
    at_ += text.size();
  }
  /// What is not written yet.
  std::span<std::uint8_t> rest() const { return out_.subspan(at_); }

 private:
  std::span<std::uint8_t> out_;
  std::size_t at_ = 0;
};

}  // namespace oberih
