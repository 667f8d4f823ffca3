// SPDX-License-Identifier: Apache-2.0
// The kernel's random bytes (getrandom, through libsodium).
#pragma once

#include "protocol/base/ids.hpp"
#include "protocol/base/secret.hpp"

namespace oberih::crypto {

void fill_random(std::span<std::uint8_t> bytes);

/// A fresh random id, salt or secret.
template <class Fixed>
Fixed random_id() {
  Fixed value;
  fill_random(value.bytes);
  return value;
}
template <class SecretType>
SecretType random_secret() {
  SecretType secret;
  fill_random(secret.writable());
  return secret;
}

/// Equality in time that does not depend on the content.
[[nodiscard]] bool constant_time_equal(ByteView a, ByteView b);

}  // namespace oberih::crypto
