// SPDX-License-Identifier: Apache-2.0
// SHA-256 and the labelled hash of the protocol reference.
#pragma once

#include <initializer_list>

#include "protocol/base/ids.hpp"

namespace oberih::crypto {

/// `P`, the prefix of every label: a signature made for Oberih is never one made for anything else.
inline constexpr std::string_view label_prefix = "oberih1 ";

Digest sha256(ByteView data);
/// SHA-256 of the concatenation of the parts.
Digest sha256(std::initializer_list<ByteView> parts);
/// `H(vec(P||label) || content)`.
Digest labelled_hash(std::string_view label, ByteView content);

}  // namespace oberih::crypto
