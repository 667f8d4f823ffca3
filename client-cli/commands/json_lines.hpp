// SPDX-License-Identifier: Apache-2.0
// In which line of a JSON text a field stands, so that a person finds what is refused.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace oberih::client {

class FieldLines {
 public:
  /// INVARIANT: the text is JSON (encoding::parse_strict_json has read it).
  explicit FieldLines(std::string_view json);

  /// `path` as strict objects name fields: `called[3].status`. Of a field that is missing, the line
  /// of the object around it.
  std::size_t line_of(std::string_view path) const;

 private:
  std::map<std::string, std::size_t, std::less<>> lines_;
};

/// Of a byte; counted from 1.
std::size_t line_of_byte(std::string_view text, std::size_t byte);

}  // namespace oberih::client
