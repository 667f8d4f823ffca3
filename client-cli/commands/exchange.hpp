// SPDX-License-Identifier: Apache-2.0
// Reading and writing exchange files from commands: the file's name stands in every refusal.
#pragma once

#include <filesystem>

#include "client-cli/keyring/private_file.hpp"
#include "protocol/wire/exchange_files.hpp"

namespace oberih::client {

/// The file's content, as `parse` understands it. Refusals: local_state_broken (cannot be read),
/// usage (is no such file).
template <class Parse>
auto read_exchange_file(const std::filesystem::path& file, Parse parse)
    -> decltype(parse(std::string_view())) {
  const auto content = read_whole_file(file, wire::exchange_file_bytes);
  if (!content) return content.error();
  auto parsed = parse(as_text(*content));
  if (!parsed) return refuse(RefusalCode::usage, file.string() + ": " + parsed.error().detail);
  return parsed;
}

inline Result<> write_exchange_file(const std::filesystem::path& file, std::string_view text) {
  return replace_file(file, as_bytes(text), FileAccess::everybody);
}

}  // namespace oberih::client
