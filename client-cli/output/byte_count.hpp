// SPDX-License-Identifier: Apache-2.0
// Sizes as people read them.
#pragma once

#include <cstdint>
#include <string>

#include "client-cli/output/language.hpp"

namespace oberih::client {

/// `917 B`, `1.2 MiB`; in Ukrainian `917 Б`, `1,2 МіБ`.
std::string format_bytes(std::uint64_t bytes, Language language);

}  // namespace oberih::client
