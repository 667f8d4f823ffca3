// SPDX-License-Identifier: Apache-2.0
// One file that proves one leaf offline (C2SP tlog-proof): where it stands, the path to the root,
// and the signed checkpoint. The leaf itself is the extra data. Text, one form for each proof.
#pragma once

#include "protocol/journal/checkpoint.hpp"
#include "protocol/journal/proof.hpp"

namespace oberih::journal {

inline constexpr std::size_t tlog_proof_bytes_at_most = 512 * 1024;

struct TlogProof {
  Bytes leaf;  // leaf data
  std::uint64_t index = 0;
  ProofPath path;    // at most 64
  std::string note;  // the checkpoint, with its signatures
};

std::string format_tlog_proof(const TlogProof& proof);
/// Refusal: malformed_object. Nothing is verified.
Result<TlogProof> parse_tlog_proof(std::string_view text);
[[nodiscard]] bool begins_as_tlog_proof(std::string_view text);

/// The checkpoint that proves the leaf. Refusals: proof_invalid (another key, another tree),
/// malformed_object.
Result<Checkpoint> verify_tlog_proof(const TlogProof& proof, const NoteVerifier& journal);

}  // namespace oberih::journal
