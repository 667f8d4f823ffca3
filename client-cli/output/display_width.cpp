// SPDX-License-Identifier: Apache-2.0
#include "client-cli/output/display_width.hpp"

#include <utf8proc.h>

#include <algorithm>

namespace oberih::client {

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    utf8proc_int32_t character = 0;
    utf8proc_ssize_t size = utf8proc_iterate(at, left, &character);
    if (size <= 0) size = 1;  // not UTF-8: a terminal shows one replacement for it
    width +=
        character < 0 ? 1 : static_cast<std::size_t>(std::max(0, utf8proc_charwidth(character)));
    at += size;
    left -= size;
  }
  return width;
}

std::string pad_to(std::string_view text, std::size_t width) {
  std::size_t own = display_width(text);
  return std::string(text) + std::string(own < width ? width - own : 0, ' ');
}

}  // namespace oberih::client
