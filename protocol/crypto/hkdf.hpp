// SPDX-License-Identifier: Apache-2.0
// HKDF-SHA256 (RFC 5869).
#pragma once

#include "protocol/base/secret.hpp"

namespace oberih::crypto {

SymmetricKey hkdf_extract(ByteView salt, ByteView input_key_material);
/// Fills `output` (at most 255 * 32 bytes) from `prk`.
void hkdf_expand(ByteView prk, ByteView info, std::span<std::uint8_t> output);

}  // namespace oberih::crypto
