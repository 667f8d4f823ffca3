// SPDX-License-Identifier: Apache-2.0
// JSON as the wire speaks it: one meaning or a refusal. Usual parsers change duplicate keys and
// large integers silently; this one refuses both. Callers include <nlohmann/json.hpp> themselves.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "protocol/base/limits.hpp"
#include "protocol/base/result.hpp"
#include "protocol/encoding/strict_object.hpp"

namespace oberih::encoding {

/// UTF-8, nested at most `max_depth` deep, no key twice in an object, every number an integer of
/// int64 or uint64, nothing after the value. Refusal: malformed_frame with what is wrong.
Result<nlohmann::json> parse_strict_json(std::string_view text,
                                         std::size_t max_depth = limits::json_depth);

}  // namespace oberih::encoding
