// SPDX-License-Identifier: Apache-2.0
// The languages of the command line.
#pragma once

#include <optional>
#include <string_view>

namespace oberih::client {

enum class Language { english, ukrainian };

/// "en", "uk", or a locale such as "uk_UA.UTF-8"; nothing for any other.
std::optional<Language> find_language(std::string_view text);

/// From LC_ALL, LC_MESSAGES, LANG, the first that is set; English where none names Ukrainian.
Language language_of_environment();

}  // namespace oberih::client
