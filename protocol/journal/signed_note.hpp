// SPDX-License-Identifier: Apache-2.0
// C2SP signed-note: a text, a blank line, and lines `— <name> base64(keyid[4]||signature)`; and
// tlog-cosignature v1, the signature of a witness with its time. Stricter than C2SP in one point:
// the text has no blank line.
#pragma once

#include <span>

#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"
#include "protocol/crypto/signature.hpp"

namespace oberih::journal {

// ON DISK: part of the key id and of verifier keys.
enum class NoteKeyType : std::uint8_t { ed25519 = 1, cosignature = 4 };

inline constexpr std::size_t max_note_signatures = 100;
inline constexpr std::size_t max_note_bytes = 256 * 1024;

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

struct NoteSignature {
  std::string name;
  std::uint32_t key_id = 0;
  Bytes bytes;  // what follows the key id: 64 bytes, or u64 seconds and 64 bytes (cosignature)
};
struct SignedNote {
  std::string text;  // ends in a newline
  std::vector<NoteSignature> signatures;
};

/// The grammar alone, nothing verified. Refusal: malformed_object.
Result<SignedNote> parse_note(std::string_view note);

struct VerifiedSignature {
  std::size_t verifier = 0;      // place in the list that open_note was given
  std::uint64_t cosigned_s = 0;  // seconds since 1970 of a cosignature, else 0
};
struct OpenedNote {
  std::string text;
  std::vector<VerifiedSignature> verified;  // each verifier at most once, at least one
};
/// Unknown signatures are ignored; a known key that fails refuses the note (bad_signature), and so
/// does a note that no known key signed (verification_failed).
Result<OpenedNote> open_note(std::string_view note, std::span<const NoteVerifier> verifiers);

/// One signature line, with its newline. The text must end in a newline and have no blank line
/// (std::logic_error).
std::string sign_note_line(std::string_view text, const NoteSigner& signer);
/// A witness's line over a checkpoint.
std::string cosign_note_line(std::string_view text, const NoteSigner& witness,
                             std::uint64_t seconds);
/// text || newline || lines.
std::string join_note(std::string_view text, std::span<const std::string> signature_lines);

}  // namespace oberih::journal
