// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/input_file.hpp"

#include <iostream>
#include <istream>

#include "client-cli/keyring/private_file.hpp"
#include "protocol/base/limits.hpp"

namespace oberih::client {
namespace {

constexpr std::size_t public_file_bytes = 4 * 1024 * 1024;

Result<std::string> read_standard_input() {
  std::string text(limits::ciphertext_bytes + 1, '\0');
  std::cin.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::cin.gcount()));
  if (text.size() > limits::ciphertext_bytes) return refuse(RefusalCode::body_too_large);
  return text;
}

}  // namespace

Result<std::string> read_public_file(const std::string& path) {
  Result<Bytes> content = read_whole_file(path, public_file_bytes);
  if (!content) return refuse(RefusalCode::usage, content.error().detail);
  return std::string(as_text(*content));
}

Result<> write_public_file(const std::string& path, std::string_view text) {
  Result<> written = replace_file(path, as_bytes(text), FileAccess::everybody);
  if (!written) return refuse(RefusalCode::usage, written.error().detail);
  return {};
}

Result<std::string> read_message_text(const std::string& argument, const std::string& file) {
  if (argument.empty() == file.empty())
    return refuse(RefusalCode::usage, "give the text, or --file, or - for standard input");
  if (!argument.empty() && argument != "-") return argument;
  Result<std::string> text = file.empty() ? read_standard_input() : read_public_file(file);
  if (text && text->ends_with('\n')) text->pop_back();
  return text;
}

}  // namespace oberih::client
