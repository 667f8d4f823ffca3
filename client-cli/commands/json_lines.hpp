// SPDX-License-Identifier: Apache-2.0
// In which line of a JSON text a field stands, so that a person finds what is refused.
#pragma once

#include <string>
#include <string_view>

namespace oberih::client {

/// `path` as strict objects name fields: `called[3].status`. Of a field that is missing, the line
/// of the object around it. INVARIANT: the text is JSON (encoding::parse_strict_json has read it).
std::size_t line_of_field(std::string_view json, std::string_view path);
/// Of a byte; counted from 1.
std::size_t line_of_byte(std::string_view text, std::size_t byte);

}  // namespace oberih::client
