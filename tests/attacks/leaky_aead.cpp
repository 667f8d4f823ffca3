// SPDX-License-Identifier: Apache-2.0
// The control of the canary test: linked in place of protocol/crypto/aead.cpp it makes a client
// whose encryption is none, so that texts and channel keys reach the server in clear. Never
// installed.
#include <algorithm>

#include "protocol/crypto/aead.hpp"

namespace oberih::crypto {

std::size_t aead_key_bytes(Aead aead) { return aead == Aead::aes_128_gcm ? 16 : 32; }

Bytes aead_seal(Aead, ByteView, ByteView, ByteView, ByteView plaintext) {
  Bytes leaked = to_bytes(plaintext);
  leaked.resize(leaked.size() + aead_tag_bytes);
  return leaked;
}

std::optional<SecretBuffer> aead_open(Aead, ByteView, ByteView, ByteView, ByteView leaked) {
  if (leaked.size() < aead_tag_bytes) return std::nullopt;
  return SecretBuffer(leaked.first(leaked.size() - aead_tag_bytes));
}

}  // namespace oberih::crypto
