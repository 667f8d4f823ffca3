// SPDX-License-Identifier: Apache-2.0
// Keys of signed notes, as C2SP signed-note and tlog-cosignature spell them: a name, an id and
// bytes.
#pragma once

#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"
#include "protocol/crypto/signature.hpp"

namespace oberih::journal {

// ON DISK: part of the key id and of verifier keys.
enum class NoteKeyType : std::uint8_t { ed25519 = 1, cosignature = 4 };

/// `SHA-256(name||0x0A||type||pk)[:4]`, big-endian.
std::uint32_t note_key_id(std::string_view name, NoteKeyType type, const SignaturePublicKey& key);
/// Not empty, UTF-8, no white space, no control character, no plus.
[[nodiscard]] bool is_note_key_name(std::string_view name);

/// A key whose signatures count.
struct NoteVerifier {
  std::string name;
  NoteKeyType type = NoteKeyType::ed25519;
  SignaturePublicKey public_key;

  std::uint32_t key_id() const { return note_key_id(name, type, public_key); }
  bool operator==(const NoteVerifier&) const = default;
};

/// `<name>+<key id in hex>+base64(type||pk)`.
std::string format_verifier_key(const NoteVerifier& verifier);
/// Refusal: malformed_object; unacceptable_key for a key that may not be enrolled.
Result<NoteVerifier> parse_verifier_key(std::string_view text);

/// A key that signs notes under a name.
struct NoteSigner {
  std::string name;
  crypto::Signer signer;

  NoteVerifier verifier(NoteKeyType type = NoteKeyType::ed25519) const {
    return {name, type, signer.public_key()};
  }
};
/// `PRIVATE+KEY+<name>+<key id in hex>+base64(1||seed)`.
SecretBuffer format_signer_key(std::string_view name, const SignatureSecretKey& seed);
/// Refusal: malformed_object.
Result<NoteSigner> parse_signer_key(std::string_view text);

}  // namespace oberih::journal
