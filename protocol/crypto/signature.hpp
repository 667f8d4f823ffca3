// SPDX-License-Identifier: Apache-2.0
// Ed25519 through libsodium, the one verifier everywhere (ADR 7): cofactorless, S < L, A and R
// canonical and not low-order.
#pragma once

#include "protocol/base/ids.hpp"
#include "protocol/base/secret.hpp"

namespace oberih::crypto {

struct SignatureKeyPair {
  SignaturePublicKey public_key;
  SignatureSecretKey secret_key;  // the 32-byte seed
};

/// A signing key ready for use: deriving it from the seed costs as much as a signature.
class Signer {
 public:
  explicit Signer(const SignatureSecretKey& seed);
  /// `Sign(label, content) = Ed25519(sk, vec(P||label) || vec(content))`.
  Signature sign(std::string_view label, ByteView content) const;
  /// Ed25519 over the message as it is: signed notes only.
  Signature sign_plain(ByteView message) const;
  const SignaturePublicKey& public_key() const { return public_key_; }

 private:
  Secret<struct ExpandedSignatureKeyTag, 64> expanded_;
  SignaturePublicKey public_key_;
};

SignatureKeyPair generate_signature_keys();
SignatureKeyPair signature_keys_from_seed(const SignatureSecretKey& seed);

[[nodiscard]] bool verify(const SignaturePublicKey& key, std::string_view label, ByteView content,
                          const Signature& signature);
[[nodiscard]] bool verify_plain(const SignaturePublicKey& key, ByteView message,
                                const Signature& signature);

/// Whether a key may be enrolled: canonical, on the curve, in the main subgroup, not low-order.
[[nodiscard]] bool is_acceptable(const SignaturePublicKey& key);

}  // namespace oberih::crypto
