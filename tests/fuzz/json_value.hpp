// SPDX-License-Identifier: Apache-2.0
// Strict JSON as targets compare it: by value, not by text.
#pragma once

#include <nlohmann/json.hpp>

#include "protocol/encoding/strict_json.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace oberih::fuzz {

/// The value of a text that must be strict JSON.
inline nlohmann::json value_of(std::string_view text) {
  auto parsed = encoding::parse_strict_json(text);
  require(parsed.has_value(), "what we write is strict JSON");
  return std::move(*parsed);
}

}  // namespace oberih::fuzz
