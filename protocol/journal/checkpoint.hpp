// SPDX-License-Identifier: Apache-2.0
// C2SP tlog-checkpoint: origin, size and root of the journal, with one extension line that says how
// far the directory reaches, so that a revocation cannot be left out unseen.
#pragma once

#include "protocol/journal/signed_note.hpp"

namespace oberih::journal {

struct Checkpoint {
  std::string origin;  // the journal's key name
  std::uint64_t size = 0;
  Digest root;
  std::uint64_t directory_count = 0;  // leaves of the directory
  Digest directory_leaf;              // leaf hash of the newest of them; 0^32 while there is none

  bool operator==(const Checkpoint&) const = default;
};

/// ```
/// <origin>
/// <size>
/// <base64 root>
/// directory <count> <base64 leaf hash>
/// ```
/// Throws std::logic_error for a checkpoint that parse_checkpoint would refuse.
std::string format_checkpoint(const Checkpoint& checkpoint);
/// Exactly what format_checkpoint makes. Refusal: malformed_object.
Result<Checkpoint> parse_checkpoint(std::string_view text);

/// Without the extension line: logs of others, for published test vectors only. The journal never
/// signs such a text and no client takes one.
std::string format_checkpoint_without_directory(const Checkpoint& checkpoint);
Result<Checkpoint> parse_checkpoint_without_directory(std::string_view text);

/// A note with the journal's signature; `signer.name` must be the origin (std::logic_error).
std::string sign_checkpoint(const Checkpoint& checkpoint, const NoteSigner& signer);

/// The journal's key must have signed it and its name must be the origin. Refusals:
/// malformed_object, bad_signature, verification_failed.
Result<Checkpoint> open_checkpoint(std::string_view note, const NoteVerifier& journal);

/// What a note says, whoever signed it: for finding out which key must have. Never for believing.
/// Refusal: malformed_object.
Result<Checkpoint> read_unverified_checkpoint(std::string_view note);

struct CosignedCheckpoint {
  Checkpoint checkpoint;
  std::vector<VerifiedSignature> cosignatures;  // places in `witnesses`, each at most once
};
/// The same, with the witnesses whose cosignatures verify. A quorum is the caller's to judge.
Result<CosignedCheckpoint> open_cosigned_checkpoint(std::string_view note,
                                                    const NoteVerifier& journal,
                                                    std::span<const NoteVerifier> witnesses);

}  // namespace oberih::journal
