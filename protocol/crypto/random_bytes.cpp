// SPDX-License-Identifier: Apache-2.0
#include "protocol/crypto/random_bytes.hpp"

#include <sodium.h>

#include "protocol/crypto/sodium_library.hpp"

namespace oberih::crypto {

void fill_random(std::span<std::uint8_t> bytes) {
  require_sodium();
  if (bytes.empty()) return;
  randombytes_buf(bytes.data(), bytes.size());
}

bool constant_time_equal(ByteView a, ByteView b) {
  if (a.size() != b.size()) return false;
  if (a.empty()) return true;
  return sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace oberih::crypto
