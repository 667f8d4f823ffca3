// SPDX-License-Identifier: Apache-2.0
// A file encrypted under a passphrase: key rings and agency roots. The header says how expensive
// guessing is made; it is authenticated with the content.
#pragma once

#include "protocol/base/bytes.hpp"
#include "protocol/base/result.hpp"
#include "protocol/base/secret.hpp"
#include "protocol/crypto/passphrase.hpp"

namespace oberih::client {

// ON DISK
enum class SealedPurpose : std::uint8_t { key_ring = 1, agency_root = 2 };

/// `"oberih-sealed-1\n" || u8 purpose || salt[16] || u64 operations || u64 memory || nonce[12] ||
/// AES-256-GCM(key from passphrase, nonce, aad = all before, content)`.
Bytes seal_under_passphrase(SealedPurpose purpose, ByteView passphrase,
                            const crypto::PassphraseCost& cost, ByteView content);

/// What an agent keeps instead of the passphrase: opens this one file and no other. Takes as long
/// for a wrong passphrase as for the right one, and is not checked here.
Result<SymmetricKey> derive_unlocking_key(ByteView file, SealedPurpose purpose,
                                          ByteView passphrase);

/// Refusals: local_state_broken (no such file format), wrong_passphrase (does not open).
Result<SecretBuffer> open_sealed_file(ByteView file, SealedPurpose purpose,
                                      const SymmetricKey& unlocking_key);

}  // namespace oberih::client
