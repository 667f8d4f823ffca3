// SPDX-License-Identifier: Apache-2.0
#include "protocol/crypto/hkdf.hpp"

#include <sodium.h>

#include <algorithm>
#include <stdexcept>

namespace oberih::crypto {
namespace {

constexpr std::size_t hash_bytes = crypto_auth_hmacsha256_BYTES;

// libsodium's HMAC: its state is plain memory that can be wiped, and nothing is allocated.
class Hmac {
 public:
  explicit Hmac(ByteView key) {
    // An empty view has no address, and libsodium asks for one.
    static constexpr std::uint8_t nothing = 0;
    crypto_auth_hmacsha256_init(&state_, key.empty() ? &nothing : key.data(), key.size());
  }
  ~Hmac() { sodium_memzero(&state_, sizeof state_); }
  Hmac(const Hmac&) = delete;
  Hmac& operator=(const Hmac&) = delete;

  Hmac& update(ByteView part) {
    crypto_auth_hmacsha256_update(&state_, part.data(), part.size());
    return *this;
  }
  SymmetricKey finish() {
    SymmetricKey code;
    crypto_auth_hmacsha256_final(&state_, code.writable().data());
    return code;
  }

 private:
  crypto_auth_hmacsha256_state state_;
};

}  // namespace

SymmetricKey hkdf_extract(ByteView salt, ByteView input_key_material) {
  return Hmac(salt).update(input_key_material).finish();
}

void hkdf_expand(ByteView prk, ByteView info, std::span<std::uint8_t> output) {
  if (output.size() > 255 * hash_bytes) throw std::logic_error("HKDF output is too long");
  SymmetricKey block;
  ByteView previous;
  for (std::uint8_t counter = 1; !output.empty(); ++counter) {
    block = Hmac(prk).update(previous).update(info).update({&counter, 1}).finish();
    previous = block.view();
    std::size_t size = std::min(output.size(), hash_bytes);
    std::copy_n(previous.begin(), size, output.begin());
    output = output.subspan(size);
  }
}

}  // namespace oberih::crypto
