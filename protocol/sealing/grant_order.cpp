// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/grant_order.hpp"

#include "protocol/encoding/utf8.hpp"

namespace oberih::sealing {
namespace {

// ON DISK: a second line of the order, which no number can hold.
constexpr std::string_view restricted_mark = "\nrestricted";

}  // namespace

const char* find_fault_of_words(std::string_view text, std::size_t most_bytes) {
  if (text.empty()) return "it is empty";
  if (text.size() > most_bytes) return "it is too long";
  if (!encoding::is_valid_utf8(text) || !encoding::is_nfc(text)) return "it is not UTF-8 in NFC";
  if (encoding::has_control_characters(text)) return "it has control characters";
  return nullptr;
}

std::string encode_grant_order(const GrantOrder& order) {
  return order.number + (order.covers_restricted ? std::string(restricted_mark) : "");
}

Result<GrantOrder> parse_grant_order(std::string_view order) {
  GrantOrder parsed;
  parsed.covers_restricted = order.ends_with(restricted_mark);
  if (parsed.covers_restricted) order.remove_suffix(restricted_mark.size());
  if (const char* fault = find_fault_of_words(order, order_number_bytes))
    return refuse(RefusalCode::record_invalid, std::string("the order of a grant: ") + fault);
  parsed.number = order;
  return parsed;
}

}  // namespace oberih::sealing
