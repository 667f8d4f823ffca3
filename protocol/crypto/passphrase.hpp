// SPDX-License-Identifier: Apache-2.0
// A key from a passphrase: Argon2id (RFC 9106) through libsodium.
#pragma once

#include "protocol/base/ids.hpp"
#include "protocol/base/secret.hpp"

namespace oberih::crypto {

struct PassphraseCost {
  std::uint64_t operations = 0;
  std::uint64_t memory_bytes = 0;
};

/// What a new file is sealed with. The cost stands in the file: it opens with the cost that it has.
PassphraseCost usual_passphrase_cost();

/// Throws std::runtime_error when the memory cannot be had.
SymmetricKey key_from_passphrase(ByteView passphrase, const NameSalt& salt,
                                 const PassphraseCost& cost);

}  // namespace oberih::crypto
