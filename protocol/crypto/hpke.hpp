// SPDX-License-Identifier: Apache-2.0
// HPKE base mode, single shot: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 (RFC 9180). Written here
// because OpenSSL has it only from 3.2 on; X25519 is libsodium's, which refuses low-order keys too.
#pragma once

#include "protocol/base/ids.hpp"
#include "protocol/crypto/aead.hpp"

namespace oberih::crypto {

struct HpkeKeyPair {
  HpkePublicKey public_key;
  HpkeSecretKey secret_key;
};
HpkeKeyPair generate_hpke_keys();
HpkeKeyPair hpke_keys_from_secret(const HpkeSecretKey& secret);

/// Canonical (below p) and not of low order.
[[nodiscard]] bool is_acceptable(const HpkePublicKey& key);

/// X25519 (RFC 7748); nothing when the peer's key is unacceptable or the result is all zero.
std::optional<SymmetricKey> x25519(const HpkeSecretKey& secret, const HpkePublicKey& peer);

struct HpkeSealed {
  HpkePublicKey encapsulated;  // enc
  Bytes ciphertext;            // with tag
};

/// Nothing when `recipient` is unacceptable.
std::optional<HpkeSealed> hpke_seal(Aead aead, const HpkePublicKey& recipient, ByteView info,
                                    ByteView aad, ByteView plaintext);
/// The same with a given ephemeral key: for test vectors only, a key used twice breaks the sealing.
std::optional<HpkeSealed> hpke_seal_with_ephemeral(Aead aead, const HpkeSecretKey& ephemeral,
                                                   const HpkePublicKey& recipient, ByteView info,
                                                   ByteView aad, ByteView plaintext);
/// Nothing when enc is unacceptable or the tag does not match.
std::optional<SecretBuffer> hpke_open(Aead aead, const HpkeSecretKey& recipient,
                                      const HpkePublicKey& encapsulated, ByteView info,
                                      ByteView aad, ByteView ciphertext);

}  // namespace oberih::crypto
