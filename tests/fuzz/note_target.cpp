// SPDX-License-Identifier: Apache-2.0
// Signed notes, checkpoints and the texts of their keys. Under the known keys nothing opens but
// what they signed.
#include <algorithm>

#include "protocol/base/byte_writer.hpp"
#include "protocol/encoding/base64.hpp"
#include "protocol/journal/tlog_proof.hpp"
#include "protocol/journal/witness_request.hpp"
#include "tests/fuzz/fuzz_target.hpp"
#include "tests/fuzz/known_objects.hpp"

namespace oberih::fuzz {
namespace {

std::string written(const journal::SignedNote& note) {
  std::vector<std::string> lines;
  for (const journal::NoteSignature& signature : note.signatures) {
    ByteWriter bytes;
    bytes.u32(signature.key_id).raw(signature.bytes);
    lines.push_back("\xe2\x80\x94 " + signature.name + " " +
                    encoding::encode_base64(bytes.bytes()) + "\n");
  }
  return journal::join_note(note.text, lines);
}

bool judge_note(std::string_view text) {
  const auto note = journal::parse_note(text);
  if (!note) return false;
  require(written(*note) == text, "a note has one form");
  static const auto journal_key = known_journal_key();
  static const std::vector<journal::NoteVerifier> witnesses = {known_witness_key()};
  static const auto known_texts = known_checkpoint_texts();
  const auto opened = journal::open_cosigned_checkpoint(text, journal_key, witnesses);
  if (!opened) return true;
  require(std::ranges::count(known_texts, note->text) == 1, "nobody signs for the journal");
  require(journal::format_checkpoint(opened->checkpoint) == note->text,
          "a checkpoint says what was signed");
  for (const auto& cosignature : opened->cosignatures)
    require(cosignature.cosigned_s == 1'790'000'000 && note->text == known_texts[1],
            "nobody cosigns for the witness");
  require(opened->cosignatures.size() <= witnesses.size(), "a witness counts once");
  return true;
}

}  // namespace

bool judge(ByteView input) {
  const std::string_view text = as_text(input);
  bool accepted = judge_note(text);
  if (const auto checkpoint = journal::parse_checkpoint(text)) {
    accepted = true;
    require(journal::format_checkpoint(*checkpoint) == text, "a checkpoint has one form");
  }
  if (const auto bare = journal::parse_checkpoint_without_directory(text)) {
    accepted = true;
    require(journal::format_checkpoint_without_directory(*bare) == text,
            "a checkpoint without a directory has one form");
  }
  if (const auto verifier = journal::parse_verifier_key(text)) {
    accepted = true;
    require(journal::format_verifier_key(*verifier) == text, "a verifier key has one form");
  }
  if (const auto signer = journal::parse_signer_key(text)) {
    accepted = true;
    require(journal::is_note_key_name(signer->name) &&
                crypto::is_acceptable(signer->signer.public_key()),
            "a signer's key can be enrolled");
  }
  if (const auto request = journal::parse_add_checkpoint(text)) {
    accepted = true;
    require(journal::format_add_checkpoint(*request) == text, "a witness's request has one form");
    require(request->proof.size() <= journal::most_proof_lines, "its proof is bounded");
  }
  if (const auto proof = journal::parse_tlog_proof(text)) {
    accepted = true;
    require(journal::format_tlog_proof(*proof) == text, "a proof of a leaf has one form");
    require(proof->path.size() <= 64, "its path is bounded");
  }
  if (const auto size = journal::parse_tlog_size(text)) {
    accepted = true;
    require(journal::format_tlog_size(*size) == text, "a witness's size has one form");
  }
  return accepted;
}

}  // namespace oberih::fuzz
