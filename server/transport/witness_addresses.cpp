// SPDX-License-Identifier: Apache-2.0
#include "server/transport/witness_addresses.hpp"

#include <charconv>

#include "protocol/encoding/utf8.hpp"

namespace oberih::transport {
namespace {

constexpr std::string_view between_witnesses = " ,\t";

/// As a key name is. What separates witnesses cannot stand in one, and so `=` cannot.
bool is_witness_name(std::string_view name) {
  return !name.empty() && name.find('+') == name.npos && encoding::is_valid_utf8(name) &&
         !encoding::has_control_characters(name);
}

Refusal bad_address(std::string_view word) {
  return refuse(RefusalCode::usage,
                "a witness is named as name=host:port; '" + encoding::printable(word) + "' is not");
}

}  // namespace

Result<WitnessAddresses> parse_witness_addresses(std::string_view text) {
  WitnessAddresses addresses;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(between_witnesses), text.size()));
    if (text.empty()) return addresses;
    const std::string_view word = text.substr(0, text.find_first_of(between_witnesses));
    text.remove_prefix(word.size());
    const std::size_t equals = word.find('=');
    const std::size_t colon = word.rfind(':');
    if (equals == word.npos || colon == word.npos || colon < equals) return bad_address(word);
    const std::string name(word.substr(0, equals));
    std::string_view host = word.substr(equals + 1, colon - equals - 1);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']')
      host = host.substr(1, host.size() - 2);
    const std::string_view digits = word.substr(colon + 1);
    WitnessAddress address{std::string(host), 0};
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
    if (error != std::errc() || end != digits.data() + digits.size() || address.port == 0 ||
        host.empty() || !is_witness_name(name) ||
        !addresses.emplace(name, std::move(address)).second)
      return bad_address(word);
  }
}

}  // namespace oberih::transport
