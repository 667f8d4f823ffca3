// SPDX-License-Identifier: Apache-2.0
// A closed list of words, each with the number that is signed and stored: an array of rows that
// begin with an enumerator and have a name.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace oberih::sealing {

// Numbers begin at 1 and rows stand in their order: a row is found by its number.
template <class Rows, class Member>
constexpr bool rows_stand_in_order(const Rows& rows, Member member) {
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (static_cast<std::size_t>(rows[i].*member) != i + 1) return false;
  return true;
}
template <class Rows, class Value>
const auto& row_of(const Rows& rows, Value value) {
  return rows[static_cast<std::size_t>(value) - 1];
}

template <class Value, class Rows>
std::optional<Value> value_of(const Rows& rows, std::uint8_t number) {
  if (number == 0 || number > rows.size()) return std::nullopt;
  return static_cast<Value>(number);
}

template <class Value, class Rows>
std::optional<Value> find_named(const Rows& rows, std::string_view name) {
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i].name == name) return static_cast<Value>(i + 1);
  return std::nullopt;
}

}  // namespace oberih::sealing
