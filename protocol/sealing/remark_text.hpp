// SPDX-License-Identifier: Apache-2.0
// The sealed text of acknowledgements and originators' answers (types 4 and 8): `u8 1 ||
// vec(UTF-8)`, and the text may be empty.
#pragma once

#include <string>

#include "protocol/base/result.hpp"
#include "protocol/base/secret.hpp"

namespace oberih::sealing {

inline constexpr std::size_t remark_bytes = 4'096;

/// Refuses invalid_parameters (not UTF-8) and body_too_large.
Result<SecretBuffer> encode_remark(std::string_view remark);
Result<std::string> parse_remark(ByteView bytes);

}  // namespace oberih::sealing
