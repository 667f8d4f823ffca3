// SPDX-License-Identifier: Apache-2.0
// C2SP signed-note: a text, a blank line, and lines `— <name> base64(keyid[4]||signature)`; and
// tlog-cosignature v1, the signature of a witness with its time. Stricter than C2SP in one point:
// the text has no blank line.
#pragma once

#include <span>

#include "protocol/journal/note_key.hpp"

namespace oberih::journal {

inline constexpr std::size_t max_note_signatures = 100;
inline constexpr std::size_t max_note_bytes = 256 * 1024;

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
/// The note with the first signature of each of these keys alone, where others have signed it too.
/// Refusals: as open_note.
Result<std::string> keep_signatures_of(std::string_view note,
                                       std::span<const NoteVerifier> verifiers);
/// text || newline || lines.
std::string join_note(std::string_view text, std::span<const std::string> signature_lines);

}  // namespace oberih::journal
