// SPDX-License-Identifier: Apache-2.0
// Sealing and opening of bodies, the half of sealed_entry.hpp that touches keys.
#include "protocol/base/byte_reader.hpp"
#include "protocol/base/limits.hpp"
#include "protocol/crypto/aead.hpp"
#include "protocol/crypto/digest.hpp"
#include "protocol/crypto/hkdf.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/sealing/label.hpp"
#include "protocol/sealing/sealed_entry.hpp"

namespace oberih::sealing {
namespace {

using crypto::Aead;

constexpr std::size_t padding_block_bytes = 256;
constexpr std::size_t blind_bytes = 16;
constexpr std::size_t padding_header_bytes = 4 + blind_bytes;

std::size_t padded_size(std::size_t text_bytes) {
  const std::size_t least = padding_header_bytes + text_bytes;
  return (least + padding_block_bytes - 1) / padding_block_bytes * padding_block_bytes;
}

/// key 32 || nonce 12 || commitment 32, all bound to this header.
class BodyKeys {
 public:
  BodyKeys(ByteView prk, ByteView header) {
    ByteWriter info = begin_label("msg");
    info.raw(crypto::sha256(header));
    crypto::hkdf_expand(prk, info.bytes(), okm_.writable());
  }
  ByteView key() const { return okm_.view().subspan(0, 32); }
  ByteView nonce() const { return okm_.view().subspan(32, crypto::aead_nonce_bytes); }
  ByteView commitment() const { return okm_.view().subspan(44, 32); }

 private:
  Secret<struct BodyKeysTag, 76> okm_;
};

SecretBuffer pad(ByteView text, const ByteArray<16>& blind) {
  SecretBuffer padded(padded_size(text.size()));
  std::span<std::uint8_t> out = padded.writable();
  const auto size = static_cast<std::uint32_t>(text.size());
  for (int i = 0; i < 4; ++i) out[i] = static_cast<std::uint8_t>(size >> (24 - 8 * i));
  std::copy(blind.begin(), blind.end(), out.begin() + 4);
  std::copy(text.begin(), text.end(), out.begin() + padding_header_bytes);
  return padded;
}

std::optional<SecretBuffer> strip_padding(ByteView padded) {
  ByteReader reader(padded);
  const std::uint32_t size = reader.u32();
  reader.take(blind_bytes);
  const ByteView text = reader.take(size);
  if (reader.failed() || padded.size() != padded_size(size)) return std::nullopt;
  std::uint8_t rest = 0;
  for (std::uint8_t byte : reader.remaining()) rest |= byte;
  if (rest != 0) return std::nullopt;
  return SecretBuffer(text);
}

Refusal cannot_open(const char* detail) { return refuse(RefusalCode::cannot_open, detail); }

void seal_body(SealedEntryWithBody& sealed, ByteView text, const MessageKey& message_key,
               const ByteArray<16>& blind) {
  SealedEntry& entry = sealed.entry;
  const SymmetricKey prk = entry_prk(entry, message_key);
  const BodyKeys keys(prk.view(), entry.header);
  entry.commitment = Digest::from(keys.commitment()).value_or(Digest{});
  sealed.ciphertext = crypto::aead_seal(Aead::aes_256_gcm, keys.key(), keys.nonce(), entry.header,
                                        pad(text, blind).view());
  entry.ciphertext_hash = crypto::sha256(sealed.ciphertext);
}

}  // namespace

Result<SealedEntryWithBody> seal_entry_with(const EntryHeader& header, ByteView text,
                                            const MessageKey& message_key,
                                            const crypto::Signer& signer, const Salt& salt,
                                            const ByteArray<16>& blind) {
  if (padded_size(text.size()) + crypto::aead_tag_bytes > limits::ciphertext_bytes)
    return refuse(RefusalCode::body_too_large);
  if (!has_body(header.type) && !text.empty())
    return refuse(RefusalCode::invalid_parameters, "an entry of this type has no body");
  SealedEntryWithBody sealed;
  sealed.entry.header = encode_header(header);
  if (has_body(header.type)) {
    sealed.entry.salt = salt;
    seal_body(sealed, text, message_key, blind);
  }
  sealed.entry.signature = signer.sign("message", signed_part(sealed.entry));
  return sealed;
}

Result<SealedEntryWithBody> seal_entry(const EntryHeader& header, ByteView text,
                                       const MessageKey& message_key,
                                       const crypto::Signer& signer) {
  ByteArray<16> blind;
  crypto::fill_random(blind);
  return seal_entry_with(header, text, message_key, signer, crypto::random_id<Salt>(), blind);
}

SymmetricKey entry_prk(const SealedEntry& entry, const MessageKey& message_key) {
  return crypto::hkdf_extract(entry.salt.view(), message_key.view());
}

Result<SecretBuffer> open_entry(const SealedEntry& entry, ByteView ciphertext,
                                const MessageKey& message_key) {
  return open_entry_with_prk(entry, ciphertext, entry_prk(entry, message_key).view());
}

Result<SecretBuffer> open_entry_with_prk(const SealedEntry& entry, ByteView ciphertext,
                                         ByteView prk) {
  Result<EntryHeader> header = parse_header(entry.header);
  if (!header) return header.error();
  if (!has_body(header->type)) return cannot_open("an entry of this type has no body");
  if (ciphertext.size() > limits::ciphertext_bytes) return refuse(RefusalCode::body_too_large);
  if (crypto::sha256(ciphertext) != entry.ciphertext_hash)
    return cannot_open("the ciphertext is not the one that was signed");
  const BodyKeys keys(prk, entry.header);
  // Before GCM, which is not key-committing: one ciphertext could show two readers two texts.
  if (!crypto::constant_time_equal(keys.commitment(), entry.commitment.view()))
    return cannot_open("the commitment does not match the key");
  std::optional<SecretBuffer> padded =
      crypto::aead_open(Aead::aes_256_gcm, keys.key(), keys.nonce(), entry.header, ciphertext);
  if (!padded) return cannot_open("the ciphertext does not open");
  std::optional<SecretBuffer> text = strip_padding(padded->view());
  if (!text) return cannot_open("the padding is wrong");
  return std::move(*text);
}

}  // namespace oberih::sealing
