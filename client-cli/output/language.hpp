// SPDX-License-Identifier: Apache-2.0
// In which language a person is spoken to.
#pragma once

#include <optional>
#include <string_view>

namespace oberih::client {

enum class Language { english, ukrainian };

/// `en`, `uk`, also with a territory and encoding behind (`uk_UA.UTF-8`).
std::optional<Language> find_language(std::string_view name);
/// LC_ALL, else LC_MESSAGES, else LANG; English where none says otherwise.
Language language_of_environment();

}  // namespace oberih::client
