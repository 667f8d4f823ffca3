// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/mutation.hpp"

#include <algorithm>
#include <array>

namespace oberih::fuzz {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t largest_input_bytes = 128 * 1024;

// What parsers tend to trip over.
constexpr std::array tokens = {"\""sv,
                               "\\u0000"sv,
                               "\\ud800"sv,
                               "{"sv,
                               "}"sv,
                               "["sv,
                               "]"sv,
                               ","sv,
                               ":"sv,
                               "null"sv,
                               "true"sv,
                               "-0"sv,
                               "-1"sv,
                               "1e3"sv,
                               "1.5"sv,
                               "\n"sv,
                               "\r\n"sv,
                               "\n\n"sv,
                               "\t"sv,
                               " "sv,
                               "\0"sv,
                               "\xff"sv,
                               "\xc0\x80"sv,
                               "\xed\xa0\x80"sv,
                               "\xef\xbb\xbf"sv,
                               "="sv,
                               "=="sv,
                               "+"sv,
                               "\xe2\x80\x94 "sv,
                               "#"sv,
                               "18446744073709551615"sv,
                               "18446744073709551616"sv,
                               "9223372036854775808"sv,
                               "00"sv,
                               "/"sv,
                               "\\"sv,
                               "\x7f"sv,
                               "\xe2\x80\xae"sv,
                               "cc\xcc\x81"sv};
constexpr std::array<std::uint64_t, 9> integers = {
    0, 1, 0x7f, 0xff, 0xffff, 0x7fffffff, 0xffffffff, 0x7fffffffffffffff, 0xffffffffffffffff};

}  // namespace

void Mutator::overwrite_integer(Bytes& bytes) {
  constexpr std::array<std::size_t, 4> widths = {1, 2, 4, 8};
  const std::size_t width = widths[below(widths.size())];
  if (bytes.size() < width) return;
  const std::size_t at = below(bytes.size() - width + 1);
  std::uint64_t value = integers[below(integers.size())];
  if (one_in(2)) {  // a length or a number that is off by a little
    value = 0;
    for (std::size_t i = 0; i < width; ++i) value = value << 8 | bytes[at + i];
    value += below(9);
    value -= 4;
  }
  for (std::size_t i = 0; i < width; ++i)
    bytes[at + i] = static_cast<std::uint8_t>(value >> (8 * (width - 1 - i)));
}

void Mutator::insert_token(Bytes& bytes) {
  const std::string_view token = tokens[below(tokens.size())];
  const auto at = static_cast<std::ptrdiff_t>(below(bytes.size() + 1));
  bytes.insert(bytes.begin() + at, token.begin(), token.end());
}

void Mutator::copy_piece(Bytes& bytes) {
  if (bytes.empty()) return;
  const std::size_t from = below(bytes.size());
  const std::size_t size = 1 + below(std::min<std::size_t>(bytes.size() - from, 128));
  const Bytes piece(bytes.begin() + static_cast<std::ptrdiff_t>(from),
                    bytes.begin() + static_cast<std::ptrdiff_t>(from + size));
  const auto at = static_cast<std::ptrdiff_t>(below(bytes.size() + 1));
  bytes.insert(bytes.begin() + at, piece.begin(), piece.end());
}

void Mutator::splice(Bytes& bytes, const Bytes& other) {
  bytes.resize(below(bytes.size() + 1));
  const auto from = static_cast<std::ptrdiff_t>(below(other.size() + 1));
  bytes.insert(bytes.end(), other.begin() + from, other.end());
}

void Mutator::damage(Bytes& bytes) {
  const std::size_t at = below(bytes.size());
  switch (below(bytes.empty() ? 1 : 8)) {
    case 0:
      return insert_token(bytes);
    case 1:
      bytes[at] ^= static_cast<std::uint8_t>(1u << below(8));
      return;
    case 2:
      bytes[at] = static_cast<std::uint8_t>(below(256));
      return;
    case 3:
      bytes.resize(at);
      return;
    case 4: {
      const std::size_t size = 1 + below(std::min<std::size_t>(bytes.size() - at, 64));
      const auto first = bytes.begin() + static_cast<std::ptrdiff_t>(at);
      bytes.erase(first, first + static_cast<std::ptrdiff_t>(size));
      return;
    }
    case 5:
      return overwrite_integer(bytes);
    case 6:
      return copy_piece(bytes);
    case 7:
      std::swap(bytes[at], bytes[below(bytes.size())]);
      return;
  }
}

Bytes Mutator::mutate(const std::vector<Bytes>& seeds) {
  Bytes bytes = seeds.empty() ? Bytes{} : seeds[below(seeds.size())];
  if (!seeds.empty() && one_in(8)) splice(bytes, seeds[below(seeds.size())]);
  for (std::size_t n = one_in(4) ? 1 + below(8) : 1; n > 0; --n) damage(bytes);
  if (bytes.size() > largest_input_bytes) bytes.resize(largest_input_bytes);
  return bytes;
}

std::string Mutator::mutate(const std::string& text) {
  return std::string(as_text(mutate(std::vector<Bytes>{to_bytes(as_bytes(text))})));
}

}  // namespace oberih::fuzz
