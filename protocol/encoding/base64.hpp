// SPDX-License-Identifier: Apache-2.0
// Standard base64 with padding (RFC 4648, 4): signed notes only. As strict as base64url.hpp.
#pragma once

#include <optional>

#include "protocol/base/bytes.hpp"

namespace oberih::encoding {

std::string encode_base64(ByteView bytes);
std::optional<Bytes> decode_base64(std::string_view text);

}  // namespace oberih::encoding
