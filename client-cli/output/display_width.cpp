// SPDX-License-Identifier: Apache-2.0
#include "client-cli/output/display_width.hpp"

#include <utf8proc.h>

#include <algorithm>

namespace oberih::client {

namespace {

struct Character {
  std::size_t bytes;
  std::size_t columns;
};

/// The first one of a text that is not empty.
Character first_of(std::string_view text) {
  utf8proc_int32_t character = 0;
  const utf8proc_ssize_t bytes =
      utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                       static_cast<utf8proc_ssize_t>(text.size()), &character);
  if (bytes <= 0) return {1, 1};  // not UTF-8: a terminal shows one replacement for it
  return {static_cast<std::size_t>(bytes),
          static_cast<std::size_t>(std::max(0, utf8proc_charwidth(character)))};
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const Character first = first_of(text);
    width += first.columns;
    text.remove_prefix(first.bytes);
  }
  return width;
}

std::string pad_to(std::string_view text, std::size_t width) {
  std::size_t own = display_width(text);
  return std::string(text) + std::string(own < width ? width - own : 0, ' ');
}

std::string shorten_to(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  std::size_t bytes = 0, columns = 1;  // the sign's own
  while (true) {
    const Character next = first_of(text.substr(bytes));
    if (columns + next.columns > width) return std::string(text.substr(0, bytes)) + "…";
    columns += next.columns;
    bytes += next.bytes;
  }
}

}  // namespace oberih::client
