// SPDX-License-Identifier: Apache-2.0
#include "protocol/encoding/utf8.hpp"

#include <utf8proc.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <new>

namespace oberih::encoding {
namespace {

struct CodePoint {
  std::int32_t value;  // -1 = the first byte does not begin a character
  std::size_t bytes;
};

// Own decoder and not utf8proc's: what is refused at the wire must not change with a library.
CodePoint next_code_point(std::string_view text) {
  auto byte_at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  constexpr CodePoint invalid{-1, 1};
  unsigned char first = byte_at(0);
  if (first < 0x80) return {first, 1};
  std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < size) return invalid;
  std::int32_t value = first & (0x7f >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte_at(i) & 0xc0) != 0x80) return invalid;
    value = value << 6 | (byte_at(i) & 0x3f);
  }
  constexpr std::array<std::int32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
  bool surrogate = value >= 0xd800 && value <= 0xdfff;
  if (value < least[size] || surrogate || value > 0x10ffff) return invalid;
  return {value, size};
}

bool is_control(std::int32_t c) {
  bool c0_or_c1 = c < 0x20 || (c >= 0x7f && c <= 0x9f);
  bool separator = c == 0x2028 || c == 0x2029;
  bool direction = c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
                   (c >= 0x2066 && c <= 0x2069);
  return c0_or_c1 || separator || direction || c == 0xfeff;
}

bool is_white_space(std::int32_t c) {
  return (c >= 0x09 && c <= 0x0d) || c == 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
         c == 0x3000;
}

template <class Predicate>
bool any_code_point(std::string_view text, Predicate predicate) {
  while (!text.empty()) {
    CodePoint next = next_code_point(text);
    if (predicate(next.value)) return true;
    text.remove_prefix(next.bytes);
  }
  return false;
}

std::string hex_number(std::uint32_t value, std::size_t least_digits) {
  std::string text;
  for (; value != 0 || text.size() < least_digits; value >>= 4)
    text.insert(text.begin(), "0123456789abcdef"[value & 0x0f]);
  return text;
}

std::string escape(const CodePoint& c, unsigned char first_byte) {
  if (c.value == '\n') return "\\n";
  if (c.value == '\r') return "\\r";
  if (c.value == '\t') return "\\t";
  if (c.value > 0x7f) return "\\u{" + hex_number(static_cast<std::uint32_t>(c.value), 4) + "}";
  return "\\x" + hex_number(first_byte, 2);
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
  return !any_code_point(text, [](std::int32_t c) { return c < 0; });
}

std::optional<std::string> to_nfc(std::string_view text) {
  if (!is_valid_utf8(text)) return std::nullopt;
  utf8proc_uint8_t* composed = nullptr;
  constexpr auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);
  auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                           static_cast<utf8proc_ssize_t>(text.size()), &composed, options);
  std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(composed, &std::free);
  if (size == UTF8PROC_ERROR_NOMEM) throw std::bad_alloc();
  if (size < 0) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(composed), static_cast<std::size_t>(size));
}

bool is_nfc(std::string_view text) { return to_nfc(text) == text; }

bool has_control_characters(std::string_view text) {
  return any_code_point(text, [](std::int32_t c) { return c < 0 || is_control(c); });
}

bool has_white_space(std::string_view text) { return any_code_point(text, is_white_space); }

std::string printable(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    CodePoint next = next_code_point(text);
    if (next.value < 0 || is_control(next.value))
      shown += escape(next, static_cast<unsigned char>(text[0]));
    else
      shown += text.substr(0, next.bytes);
    text.remove_prefix(next.bytes);
  }
  return shown;
}

}  // namespace oberih::encoding
