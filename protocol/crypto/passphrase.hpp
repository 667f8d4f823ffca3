// SPDX-License-Identifier: Apache-2.0
// A key from a passphrase: Argon2id (RFC 9106) through libsodium.
#pragma once

#include "protocol/base/ids.hpp"
#include "protocol/base/secret.hpp"

namespace oberih::crypto {

struct PassphraseCost {
  std::uint64_t operations = 3;
  std::uint64_t memory_bytes = 256ull * 1024 * 1024;
};

/// Throws std::runtime_error when the memory cannot be had.
SymmetricKey key_from_passphrase(ByteView passphrase, const NameSalt& salt,
                                 const PassphraseCost& cost);

}  // namespace oberih::crypto
