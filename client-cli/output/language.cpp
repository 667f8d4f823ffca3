// SPDX-License-Identifier: Apache-2.0
#include "client-cli/output/language.hpp"

#include <cstdlib>

namespace oberih::client {

std::optional<Language> find_language(std::string_view text) {
  const std::string_view word = text.substr(0, text.find_first_of("_.@"));
  if (word == "uk") return Language::ukrainian;
  if (word == "en") return Language::english;
  return std::nullopt;
}

Language language_of_environment() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0')
      return find_language(value).value_or(Language::english);
  return Language::english;
}

}  // namespace oberih::client
