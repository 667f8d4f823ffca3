// SPDX-License-Identifier: Apache-2.0
// What the order of a grant says: its number, and whether it covers entries that their handling
// code would keep from the auditor. The bytes are those of item 5's `order`, so that auditor,
// approvers and author all sign it. docs/protocol.md, section 24.
#pragma once

#include <string>
#include <string_view>

#include "protocol/base/result.hpp"

namespace oberih::sealing {

inline constexpr std::size_t order_number_bytes = 200;
inline constexpr std::size_t grant_reason_bytes = 1'000;

struct GrantOrder {
  std::string number;  // "Order 5/2027"
  bool covers_restricted = false;
};

/// REQUIRES: an order that parse_grant_order would take.
std::string encode_grant_order(const GrantOrder& order);
/// Refusal: record_invalid.
Result<GrantOrder> parse_grant_order(std::string_view order);
/// Why a person's words cannot stand in a request; null when they can.
const char* find_fault_of_words(std::string_view text, std::size_t most_bytes);

}  // namespace oberih::sealing
