// SPDX-License-Identifier: Apache-2.0
#include "protocol/crypto/sodium_library.hpp"

#include <sodium.h>

#include <stdexcept>

namespace oberih::crypto {

void require_sodium() {
  static const bool started = sodium_init() >= 0;
  if (!started) throw std::runtime_error("libsodium cannot start");
}

}  // namespace oberih::crypto
