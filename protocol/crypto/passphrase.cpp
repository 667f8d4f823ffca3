// SPDX-License-Identifier: Apache-2.0
#include "protocol/crypto/passphrase.hpp"

#include <sodium.h>

#include <stdexcept>

#include "protocol/crypto/sodium_library.hpp"

namespace oberih::crypto {

static_assert(NameSalt::size == crypto_pwhash_SALTBYTES);

SymmetricKey key_from_passphrase(ByteView passphrase, const NameSalt& salt,
                                 const PassphraseCost& cost) {
  require_sodium();
  SymmetricKey key;
  auto out = key.writable();
  // An empty view has no address, and libsodium asks for one.
  const char* text = passphrase.empty() ? "" : as_text(passphrase).data();
  int failed = crypto_pwhash(out.data(), out.size(), text, passphrase.size(), salt.bytes.data(),
                             cost.operations, cost.memory_bytes, crypto_pwhash_ALG_ARGON2ID13);
  if (failed) throw std::runtime_error("no memory for a passphrase's key, or a cost out of range");
  return key;
}

}  // namespace oberih::crypto
