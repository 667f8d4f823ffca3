// SPDX-License-Identifier: Apache-2.0
// What stands on a printed document and leads back to its entry in the journal: the leaf's place
// and the first digits of its hash. It says nothing about who is called, or to what.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/base/bytes.hpp"
#include "protocol/base/ids.hpp"

namespace oberih::client {

/// Sixteen digits: nobody finds another leaf with the same ones by trying.
inline constexpr std::size_t check_code_hash_bytes = 8;

struct CheckCode {
  std::uint64_t index = 0;                  // of the leaf in the journal
  ByteArray<check_code_hash_bytes> hash{};  // the beginning of the leaf's hash

  static CheckCode of(std::uint64_t index, const Digest& leaf_hash);
  bool fits(const Digest& leaf_hash) const;
  bool operator==(const CheckCode&) const = default;
};

/// `12345-3F2A-91C0-77BE-02D1`.
std::string format_check_code(const CheckCode& code);
/// As people type it: small or capital letters, blanks or hyphens or nothing between the groups
/// (one at least behind the place), and the Cyrillic letters that look like A, B, C and E.
std::optional<CheckCode> parse_check_code(std::string_view text);

}  // namespace oberih::client
