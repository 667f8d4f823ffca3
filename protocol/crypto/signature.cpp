// SPDX-License-Identifier: Apache-2.0
#include "protocol/crypto/signature.hpp"

#include <sodium.h>

#include <stdexcept>

#include "protocol/base/byte_writer.hpp"
#include "protocol/crypto/digest.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/crypto/sodium_library.hpp"

namespace oberih::crypto {
namespace {

static_assert(crypto_sign_SECRETKEYBYTES == 64 && crypto_sign_SEEDBYTES == 32);

// L, the order of the main subgroup, little-endian.
constexpr ByteArray<32> group_order = {
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
constexpr ByteArray<32> identity_point = {1};

// `vec(P||label) || vec(content)`.
Bytes labelled_message(std::string_view label, ByteView content) {
  ByteWriter message(8 + label_prefix.size() + label.size() + content.size());
  message.u32(static_cast<std::uint32_t>(label_prefix.size() + label.size()));
  message.raw(label_prefix).raw(label).vec(content);
  return message.take();
}

}  // namespace

Signer::Signer(const SignatureSecretKey& seed) {
  require_sodium();
  crypto_sign_seed_keypair(public_key_.bytes.data(), expanded_.writable().data(),
                           seed.view().data());
}

Signature Signer::sign(std::string_view label, ByteView content) const {
  return sign_plain(labelled_message(label, content));
}

Signature Signer::sign_plain(ByteView message) const {
  Signature signature;
  crypto_sign_detached(signature.bytes.data(), nullptr, message.data(), message.size(),
                       expanded_.view().data());
  return signature;
}

SignatureKeyPair generate_signature_keys() {
  return signature_keys_from_seed(random_secret<SignatureSecretKey>());
}

SignatureKeyPair signature_keys_from_seed(const SignatureSecretKey& seed) {
  return {Signer(seed).public_key(), seed.copy()};
}

bool verify(const SignaturePublicKey& key, std::string_view label, ByteView content,
            const Signature& signature) {
  return verify_plain(key, labelled_message(label, content), signature);
}

bool verify_plain(const SignaturePublicKey& key, ByteView message, const Signature& signature) {
  require_sodium();
  return crypto_sign_verify_detached(signature.bytes.data(), message.data(), message.size(),
                                     key.bytes.data()) == 0;
}

bool is_acceptable(const SignaturePublicKey& key) {
  require_sodium();
  if (crypto_core_ed25519_is_valid_point(key.bytes.data()) != 1) return false;
  // Releases of libsodium 1.0.18 without the fix for CVE-2025-69277 take the sum of a point and the
  // point of order two for one of the main subgroup. L times the point must be the identity.
  ByteArray<32> product{};
  bool gave_a_point =
      crypto_scalarmult_ed25519_noclamp(product.data(), group_order.data(), key.bytes.data()) == 0;
  return !gave_a_point && product == identity_point;
}

}  // namespace oberih::crypto
