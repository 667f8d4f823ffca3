// SPDX-License-Identifier: Apache-2.0
// What two people compare by voice: groups of four hex digits.
#pragma once

#include <string>

#include "protocol/base/bytes.hpp"

namespace oberih::client {

/// The first 16 bytes of `H(vec(P||"fingerprint")||content)` as eight groups: 128 bits, which
/// nobody can match by trying.
std::string fingerprint(ByteView content);

}  // namespace oberih::client
