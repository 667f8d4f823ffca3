// SPDX-License-Identifier: Apache-2.0
#include "client-cli/keyring/row_seal.hpp"

#include "client-cli/keyring/sqlite_database.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/crypto/aead.hpp"
#include "protocol/crypto/random_bytes.hpp"

namespace oberih::client {

Bytes RowSeal::seal(std::string_view table, ByteView row, ByteView value) const {
  ByteArray<crypto::aead_nonce_bytes> nonce;
  crypto::fill_random(nonce);
  Bytes aad = ByteWriter().vec(table).raw(row).take();
  Bytes sealed = crypto::aead_seal(crypto::Aead::aes_256_gcm, key_.view(), nonce, aad, value);
  return ByteWriter(nonce.size() + sealed.size()).raw(ByteView(nonce)).raw(sealed).take();
}

SecretBuffer RowSeal::open(std::string_view table, ByteView row, ByteView sealed) const {
  Bytes aad = ByteWriter().vec(table).raw(row).take();
  std::optional<SecretBuffer> value;
  if (sealed.size() > crypto::aead_nonce_bytes)
    value = crypto::aead_open(crypto::Aead::aes_256_gcm, key_.view(),
                              sealed.first(crypto::aead_nonce_bytes), aad,
                              sealed.subspan(crypto::aead_nonce_bytes));
  if (!value) throw LocalStoreFailure("the local store: a sealed row does not open");
  return std::move(*value);
}

}  // namespace oberih::client
