// SPDX-License-Identifier: Apache-2.0
// What a journal sends a witness, and what it gets back: the bodies of C2SP tlog-witness
// `add-checkpoint`. Grammar alone: who signed what is judged elsewhere.
#pragma once

#include "protocol/journal/checkpoint.hpp"
#include "protocol/journal/proof.hpp"

namespace oberih::journal {

inline constexpr std::string_view add_checkpoint_path = "/add-checkpoint";
/// Of a witness of ours only: the newest note that it has cosigned. C2SP has no such request yet.
inline constexpr std::string_view witnessed_path = "/checkpoint";
inline constexpr std::string_view tlog_size_type = "text/x.tlog.size";
inline constexpr std::size_t most_proof_lines = 63;  // C2SP tlog-witness
inline constexpr std::size_t add_checkpoint_bytes = 24 * 1024;

struct AddCheckpoint {
  std::uint64_t old_size = 0;  // of the checkpoint that the witness has, as the journal believes
  ProofPath proof;             // that the new one continues it
  std::string note;            // the new checkpoint, signed
};

/// ```
/// old <size>
/// <base64 hash>          none to 63 lines
///
/// <signed note>
/// ```
/// Throws std::logic_error for a body that parse_add_checkpoint would refuse.
std::string format_add_checkpoint(const AddCheckpoint& request);
/// Refusal: malformed_object. The note itself is not looked into.
Result<AddCheckpoint> parse_add_checkpoint(std::string_view body);

/// `<size>\n`: the answer of a witness that has another checkpoint than `old` said.
std::string format_tlog_size(std::uint64_t size);
std::optional<std::uint64_t> parse_tlog_size(std::string_view body);

/// The note with these signature lines behind its own. Refusal: malformed_object, of the lines as
/// of the note.
Result<std::string> add_signature_lines(std::string_view note, std::string_view lines);
/// The lines behind the text, as they came. INVARIANT: the note parses.
std::vector<std::string> signature_lines_of(std::string_view note);

}  // namespace oberih::journal
