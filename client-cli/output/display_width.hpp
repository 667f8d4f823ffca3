// SPDX-License-Identifier: Apache-2.0
// How many columns of a terminal a text takes: letters with accents one, wide characters two.
#pragma once

#include <string>
#include <string_view>

namespace oberih::client {

std::size_t display_width(std::string_view text);
/// With spaces behind it up to `width` columns.
std::string pad_to(std::string_view text, std::size_t width);
/// At most `width` columns of it, the last of them "…" where something was cut off.
std::string shorten_to(std::string_view text, std::size_t width);

}  // namespace oberih::client
