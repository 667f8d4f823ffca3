// SPDX-License-Identifier: Apache-2.0
#include "client-cli/output/language.hpp"

#include <cstdlib>

namespace oberih::client {

std::optional<Language> find_language(std::string_view name) {
  std::string_view language = name.substr(0, name.find_first_of("_.@-"));
  if (language == "uk") return Language::ukrainian;
  if (language == "en" || language == "C" || language == "POSIX") return Language::english;
  return std::nullopt;
}

Language language_of_environment() {
  for (const char* variable : {"LC_ALL", "LC_MESSAGES", "LANG"})
    if (const char* value = std::getenv(variable); value != nullptr && *value != '\0')
      return find_language(value).value_or(Language::english);
  return Language::english;
}

}  // namespace oberih::client
