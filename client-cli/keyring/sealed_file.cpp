// SPDX-License-Identifier: Apache-2.0
#include "client-cli/keyring/sealed_file.hpp"

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/crypto/aead.hpp"
#include "protocol/crypto/random_bytes.hpp"

namespace oberih::client {
namespace {

constexpr std::string_view magic = "oberih-sealed-1\n";
constexpr std::size_t header_bytes = 16 + 1 + NameSalt::size + 8 + 8 + crypto::aead_nonce_bytes;
constexpr std::uint64_t most_operations = 64;
constexpr std::uint64_t most_memory_bytes = 4ull
                                            << 30;  // a damaged header must not eat the machine

struct Header {
  NameSalt salt;
  crypto::PassphraseCost cost;
  ByteView nonce;
  ByteView whole;
  ByteView ciphertext;
};

Refusal not_readable() {
  return refuse(RefusalCode::local_state_broken,
                "the encrypted file is damaged or of another kind");
}

Result<Header> parse_header(ByteView file, SealedPurpose purpose) {
  ByteReader reader(file);
  ByteView start = reader.take(magic.size());
  std::uint8_t number = reader.u8();
  Header header;
  header.salt = reader.id<NameSalt>();
  header.cost.operations = reader.u64();
  header.cost.memory_bytes = reader.u64();
  header.nonce = reader.take(crypto::aead_nonce_bytes);
  if (reader.failed() || as_text(start) != magic) return not_readable();
  if (number != static_cast<std::uint8_t>(purpose)) return not_readable();
  if (header.cost.operations == 0 || header.cost.operations > most_operations)
    return not_readable();
  if (header.cost.memory_bytes > most_memory_bytes) return not_readable();
  header.whole = file.first(header_bytes);
  header.ciphertext = file.subspan(header_bytes);
  return header;
}

}  // namespace

Bytes seal_under_passphrase(SealedPurpose purpose, ByteView passphrase,
                            const crypto::PassphraseCost& cost, ByteView content) {
  auto salt = crypto::random_id<NameSalt>();
  ByteArray<crypto::aead_nonce_bytes> nonce;
  crypto::fill_random(nonce);
  ByteWriter writer(header_bytes + content.size() + crypto::aead_tag_bytes);
  writer.raw(magic).u8(static_cast<std::uint8_t>(purpose)).raw(salt);
  writer.u64(cost.operations).u64(cost.memory_bytes).raw(ByteView(nonce));
  SymmetricKey key = crypto::key_from_passphrase(passphrase, salt, cost);
  Bytes header = writer.bytes();
  writer.raw(crypto::aead_seal(crypto::Aead::aes_256_gcm, key.view(), nonce, header, content));
  return writer.take();
}

Result<SymmetricKey> derive_unlocking_key(ByteView file, SealedPurpose purpose,
                                          ByteView passphrase) {
  Result<Header> header = parse_header(file, purpose);
  if (!header) {
    // As slow as a wrong passphrase: how long it takes tells nobody what is wrong.
    (void)crypto::key_from_passphrase(passphrase, NameSalt{}, crypto::usual_passphrase_cost());
    return header.error();
  }
  return crypto::key_from_passphrase(passphrase, header->salt, header->cost);
}

Result<SecretBuffer> open_sealed_file(ByteView file, SealedPurpose purpose,
                                      const SymmetricKey& unlocking_key) {
  Result<Header> header = parse_header(file, purpose);
  if (!header) return header.error();
  std::optional<SecretBuffer> content =
      crypto::aead_open(crypto::Aead::aes_256_gcm, unlocking_key.view(), header->nonce,
                        header->whole, header->ciphertext);
  if (!content)
    return refuse(RefusalCode::wrong_passphrase, "or the file has been changed or cut short");
  return std::move(*content);
}

}  // namespace oberih::client
