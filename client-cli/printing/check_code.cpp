// SPDX-License-Identifier: Apache-2.0
#include "client-cli/printing/check_code.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "protocol/encoding/hex.hpp"

namespace oberih::client {
namespace {

constexpr std::size_t group_digits = 4;

struct LookAlike {
  std::string_view cyrillic;
  char latin;
};
constexpr std::array<LookAlike, 8> look_alikes = {{{"А", 'a'},
                                                   {"а", 'a'},
                                                   {"В", 'b'},
                                                   {"в", 'b'},
                                                   {"С", 'c'},
                                                   {"с", 'c'},
                                                   {"Е", 'e'},
                                                   {"е", 'e'}}};

/// Small Latin letters; blanks and hyphens as one hyphen.
std::string to_plain_code(std::string_view text) {
  std::string plain;
  while (!text.empty()) {
    const auto found = std::find_if(look_alikes.begin(), look_alikes.end(), [&](const auto& each) {
      return text.starts_with(each.cyrillic);
    });
    if (found != look_alikes.end()) {
      plain += found->latin;
      text.remove_prefix(found->cyrillic.size());
      continue;
    }
    const char c = text.front();
    text.remove_prefix(1);
    if (c != ' ' && c != '-')
      plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (!plain.empty() && plain.back() != '-')
      plain += '-';
  }
  if (plain.ends_with('-')) plain.pop_back();
  return plain;
}

}  // namespace

CheckCode CheckCode::of(std::uint64_t index, const Digest& leaf_hash) {
  CheckCode code;
  code.index = index;
  std::copy_n(leaf_hash.bytes.begin(), code.hash.size(), code.hash.begin());
  return code;
}

bool CheckCode::fits(const Digest& leaf_hash) const {
  return std::equal(hash.begin(), hash.end(), leaf_hash.bytes.begin());
}

std::string format_check_code(const CheckCode& code) {
  std::string text = std::to_string(code.index);
  std::string digits = encoding::encode_hex(ByteView(code.hash));
  for (char& digit : digits) digit = static_cast<char>(std::toupper(digit));
  for (std::size_t at = 0; at < digits.size(); at += group_digits) {
    text += '-';
    text += digits.substr(at, group_digits);
  }
  return text;
}

std::optional<CheckCode> parse_check_code(std::string_view text) {
  constexpr std::size_t typed_at_most = 100;
  if (text.size() > typed_at_most) return std::nullopt;
  std::string plain = to_plain_code(text);
  const std::size_t mark = plain.find('-');
  if (mark == std::string::npos || mark == 0) return std::nullopt;
  CheckCode code;
  const auto [end, error] = std::from_chars(plain.data(), plain.data() + mark, code.index);
  if (error != std::errc() || end != plain.data() + mark) return std::nullopt;
  std::string digits = plain.substr(mark);
  std::erase(digits, '-');
  const auto bytes = encoding::decode_hex(digits);
  if (!bytes || bytes->size() != code.hash.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), code.hash.begin());
  return code;
}

}  // namespace oberih::client
