// SPDX-License-Identifier: Apache-2.0
#include "protocol/crypto/hpke.hpp"

#include <sodium.h>

#include <array>
#include <initializer_list>

#include "protocol/base/byte_writer.hpp"
#include "protocol/crypto/hkdf.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/crypto/sodium_library.hpp"

namespace oberih::crypto {
namespace {

constexpr std::uint16_t kem_x25519_sha256 = 0x0020;  // RFC 9180, 7.1
constexpr std::uint16_t kdf_hkdf_sha256 = 0x0001;    // 7.2
constexpr std::uint8_t mode_base = 0x00;             // 5

// Every canonical u-coordinate of low order on the curve or its twist: 0, 1, two of order 8, p - 1.
constexpr std::array<ByteArray<32>, 5> low_order_points = {{
    {},
    {1},
    {0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3,
     0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32,
     0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00},
    {0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1,
     0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c,
     0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57},
    {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
}};

// Below p = 2^255 - 19, little-endian. RFC 7748 would mask the high bit and reduce, which gives one
// key two spellings.
bool is_below_p(const ByteArray<32>& value) {
  if (value[31] > 0x7f) return false;
  if (value[31] < 0x7f) return true;
  for (std::size_t i = 30; i > 0; --i)
    if (value[i] != 0xff) return true;
  return value[0] < 0xed;
}

SecretBuffer concatenate(std::initializer_list<ByteView> parts) {
  std::size_t size = 0;
  for (ByteView part : parts) size += part.size();
  SecretBuffer joined(size);
  auto end = joined.writable().begin();
  for (ByteView part : parts) end = std::copy(part.begin(), part.end(), end);
  return joined;
}

// LabeledExtract and LabeledExpand (RFC 9180, 4) of one suite.
class LabelledHkdf {
 public:
  explicit LabelledHkdf(Bytes suite) : suite_(std::move(suite)) {}

  SymmetricKey extract(ByteView salt, std::string_view label, ByteView material) const {
    SecretBuffer labelled = concatenate({as_bytes("HPKE-v1"), suite_, as_bytes(label), material});
    return hkdf_extract(salt, labelled.view());
  }
  void expand(const SymmetricKey& prk, std::string_view label, ByteView info,
              std::span<std::uint8_t> output) const {
    ByteWriter labelled;
    labelled.u16(static_cast<std::uint16_t>(output.size())).raw("HPKE-v1").raw(suite_);
    hkdf_expand(prk.view(), labelled.raw(label).raw(info).bytes(), output);
  }

 private:
  Bytes suite_;
};

Bytes hpke_suite(Aead aead) {
  ByteWriter suite;
  suite.raw("HPKE").u16(kem_x25519_sha256).u16(kdf_hkdf_sha256);
  return suite.u16(static_cast<std::uint16_t>(aead)).take();
}

// ExtractAndExpand (4.1); the context is enc || pkR.
SymmetricKey kem_shared_secret(const SymmetricKey& diffie_hellman,
                               const HpkePublicKey& encapsulated, const HpkePublicKey& recipient) {
  LabelledHkdf kem(ByteWriter().raw("KEM").u16(kem_x25519_sha256).take());
  SymmetricKey prk = kem.extract({}, "eae_prk", diffie_hellman.view());
  SymmetricKey shared;
  kem.expand(prk, "shared_secret", ByteWriter().raw(encapsulated).raw(recipient).bytes(),
             shared.writable());
  return shared;
}

struct KeyAndNonce {
  SecretBuffer key;
  ByteArray<aead_nonce_bytes> nonce;
};

// KeySchedule (5.1) without a pre-shared key. Single shot: the nonce is that of sequence 0.
KeyAndNonce key_schedule(Aead aead, const SymmetricKey& shared, ByteView info) {
  LabelledHkdf suite(hpke_suite(aead));
  SymmetricKey psk_id_hash = suite.extract({}, "psk_id_hash", {});
  SymmetricKey info_hash = suite.extract({}, "info_hash", info);
  Bytes context = ByteWriter().u8(mode_base).raw(psk_id_hash.view()).raw(info_hash.view()).take();
  SymmetricKey secret = suite.extract(shared.view(), "secret", {});
  KeyAndNonce result{SecretBuffer(aead_key_bytes(aead)), {}};
  suite.expand(secret, "key", context, result.key.writable());
  suite.expand(secret, "base_nonce", context, result.nonce);
  return result;
}

}  // namespace

HpkeKeyPair generate_hpke_keys() { return hpke_keys_from_secret(random_secret<HpkeSecretKey>()); }

HpkeKeyPair hpke_keys_from_secret(const HpkeSecretKey& secret) {
  require_sodium();
  HpkeKeyPair keys{{}, secret.copy()};
  crypto_scalarmult_curve25519_base(keys.public_key.bytes.data(), secret.view().data());
  return keys;
}

bool is_acceptable(const HpkePublicKey& key) {
  if (!is_below_p(key.bytes)) return false;
  for (const auto& point : low_order_points)
    if (key.bytes == point) return false;
  return true;
}

std::optional<SymmetricKey> x25519(const HpkeSecretKey& secret, const HpkePublicKey& peer) {
  require_sodium();
  if (!is_acceptable(peer)) return std::nullopt;
  SymmetricKey shared;
  if (crypto_scalarmult_curve25519(shared.writable().data(), secret.view().data(),
                                   peer.bytes.data()) != 0)
    return std::nullopt;
  if (constant_time_equal(shared.view(), ByteArray<32>{})) return std::nullopt;
  return shared;
}

std::optional<HpkeSealed> hpke_seal(Aead aead, const HpkePublicKey& recipient, ByteView info,
                                    ByteView aad, ByteView plaintext) {
  return hpke_seal_with_ephemeral(aead, random_secret<HpkeSecretKey>(), recipient, info, aad,
                                  plaintext);
}

std::optional<HpkeSealed> hpke_seal_with_ephemeral(Aead aead, const HpkeSecretKey& ephemeral,
                                                   const HpkePublicKey& recipient, ByteView info,
                                                   ByteView aad, ByteView plaintext) {
  std::optional<SymmetricKey> diffie_hellman = x25519(ephemeral, recipient);
  if (!diffie_hellman) return std::nullopt;
  HpkePublicKey encapsulated = hpke_keys_from_secret(ephemeral).public_key;
  SymmetricKey shared = kem_shared_secret(*diffie_hellman, encapsulated, recipient);
  KeyAndNonce schedule = key_schedule(aead, shared, info);
  return HpkeSealed{encapsulated,
                    aead_seal(aead, schedule.key.view(), schedule.nonce, aad, plaintext)};
}

std::optional<SecretBuffer> hpke_open(Aead aead, const HpkeSecretKey& recipient,
                                      const HpkePublicKey& encapsulated, ByteView info,
                                      ByteView aad, ByteView ciphertext) {
  std::optional<SymmetricKey> diffie_hellman = x25519(recipient, encapsulated);
  if (!diffie_hellman) return std::nullopt;
  HpkePublicKey public_key = hpke_keys_from_secret(recipient).public_key;
  SymmetricKey shared = kem_shared_secret(*diffie_hellman, encapsulated, public_key);
  KeyAndNonce schedule = key_schedule(aead, shared, info);
  return aead_open(aead, schedule.key.view(), schedule.nonce, aad, ciphertext);
}

}  // namespace oberih::crypto
