// SPDX-License-Identifier: Apache-2.0
// Files and streams that a person names on the command line.
#pragma once

#include <string>

#include "protocol/base/result.hpp"

namespace oberih::client {

/// A public file of the size such files have. Refusal: usage with the path and why.
Result<std::string> read_public_file(const std::string& path);
/// Refusal: usage.
Result<> write_public_file(const std::string& path, std::string_view text);
/// Parses what a file holds; a refusal names the file.
template <class Parse>
auto parse_public_file(const std::string& path, Parse parse)
    -> decltype(parse(std::string_view())) {
  Result<std::string> text = read_public_file(path);
  if (!text) return text.error();
  auto parsed = parse(std::string_view(*text));
  if (!parsed) return refuse(parsed.error().code, path + ": " + parsed.error().detail);
  return parsed;
}

/// The text of a message: as an argument, from `--file`, or from standard input with `-`. One
/// newline at its end is not part of it. Refusals: usage, body_too_large.
Result<std::string> read_message_text(const std::string& argument, const std::string& file);

}  // namespace oberih::client
