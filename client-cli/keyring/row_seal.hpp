// SPDX-License-Identifier: Apache-2.0
// Seals single values of the local store. The row's name is authenticated with it: a sealed title
// moved to another channel's row does not open.
#pragma once

#include "protocol/base/bytes.hpp"
#include "protocol/base/secret.hpp"

namespace oberih::client {

class RowSeal {
 public:
  explicit RowSeal(const SymmetricKey& storage_key) : key_(storage_key.copy()) {}

  /// `nonce[12] || AES-256-GCM(storage key, nonce, aad = vec(table) || row, value)`.
  Bytes seal(std::string_view table, ByteView row, ByteView value) const;
  /// Throws LocalStoreFailure when it does not open.
  SecretBuffer open(std::string_view table, ByteView row, ByteView sealed) const;

 private:
  SymmetricKey key_;
};

}  // namespace oberih::client
