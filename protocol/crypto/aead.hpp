// SPDX-License-Identifier: Apache-2.0
// Authenticated encryption: output = ciphertext || tag[16]. The product uses aes_256_gcm only; the
// others exist so that HPKE can be held against the test vectors of RFC 9180.
#pragma once

#include <optional>

#include "protocol/base/secret.hpp"

namespace oberih::crypto {

enum class Aead : std::uint16_t {  // numbers of RFC 9180, 7.3
  aes_128_gcm = 0x0001,
  aes_256_gcm = 0x0002,
  chacha20_poly1305 = 0x0003,
};

inline constexpr std::size_t aead_tag_bytes = 16;
inline constexpr std::size_t aead_nonce_bytes = 12;
std::size_t aead_key_bytes(Aead aead);

Bytes aead_seal(Aead aead, ByteView key, ByteView nonce, ByteView aad, ByteView plaintext);
/// Nothing when the tag does not match.
std::optional<SecretBuffer> aead_open(Aead aead, ByteView key, ByteView nonce, ByteView aad,
                                      ByteView ciphertext_and_tag);

}  // namespace oberih::crypto
