// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace oberih::client {

/// People name an object by the first digits of its id, and it is shown by as many.
inline constexpr std::size_t fewest_digits = 8;

/// Whether a text can be the beginning of an id: lower hexadecimal, and long enough.
inline bool are_digits(std::string_view text) {
  return text.size() >= fewest_digits &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace oberih::client
