// SPDX-License-Identifier: Apache-2.0
#include "client-cli/witness/judge_checkpoint.hpp"

#include "protocol/journal/witness_request.hpp"

namespace oberih::client {
namespace {

WitnessAnswer no(unsigned status, const std::string& sentence) {
  return {status, "text/plain; charset=utf-8", sentence + "\n", std::nullopt};
}

WitnessAnswer other_size(std::uint64_t known) {
  return {409, std::string(journal::tlog_size_type), journal::format_tlog_size(known),
          std::nullopt};
}

/// The last words on what is about to be cosigned; nothing: it may be.
std::optional<WitnessAnswer> judge_growth(const journal::Checkpoint& known,
                                          const journal::Checkpoint& fresh,
                                          const journal::ProofPath& proof) {
  if (fresh.size == known.size) {
    if (fresh.root != known.root)
      return no(409, "Another root was cosigned for this size: the journal shows two histories.");
    if (!proof.empty()) return no(422, "A checkpoint of the same size needs no proof.");
    if (fresh.directory_count != known.directory_count ||
        fresh.directory_leaf != known.directory_leaf)
      return no(422, "Another directory line was cosigned for this size.");
    return std::nullopt;
  }
  if (auto proven =
          journal::verify_consistency(known.size, known.root, fresh.size, fresh.root, proof);
      !proven)
    return no(422, "It is not proven that the journal only grew.");
  if (fresh.directory_count < known.directory_count)
    return no(422, "The directory has fewer leaves than it had.");
  if (fresh.directory_count == known.directory_count &&
      fresh.directory_leaf != known.directory_leaf)
    return no(422, "The directory has as many leaves as it had, but others.");
  return std::nullopt;
}

}  // namespace

WitnessAnswer judge_checkpoint(const WitnessView& view, std::string_view body) {
  const Result<journal::AddCheckpoint> request = journal::parse_add_checkpoint(body);
  if (!request) return no(400, "Not understood: " + request.error().detail + ".");
  const std::string& origin = view.journal.verifier.name;
  // Other journals' checkpoints need not have our grammar.
  if (request->note.substr(0, request->note.find('\n')) != origin)
    return no(404, "This witness does not know the journal.");
  const Result<journal::Checkpoint> opened =
      journal::open_checkpoint(request->note, view.journal.verifier);
  if (!opened && opened.error().code == RefusalCode::malformed_object)
    return no(400, "Not understood: " + opened.error().detail + ".");
  if (!opened)
    return no(403,
              "The key that this witness knows as the journal's has not signed the checkpoint.");
  if (request->old_size > opened->size)
    return no(400, "The old size is larger than the checkpoint's.");
  if (!view.known && view.first == FirstCheckpoint::refused)
    return no(
        503,
        "This witness has no state: it is new, or has lost it. Its operator must start it once "
        "with --accept-first.");
  const std::uint64_t known_size = view.known ? view.known->size : 0;
  if (request->old_size != known_size) return other_size(known_size);
  if (!view.known) {
    if (!request->proof.empty()) return no(422, "From size 0 there is no proof.");
  } else if (auto refused = judge_growth(*view.known, *opened, request->proof)) {
    return *refused;
  }
  // Cosigned as the journal alone has signed it: what others wrote below is not kept here.
  const Result<std::string> own =
      journal::keep_signatures_of(request->note, {&view.journal.verifier, 1});
  if (!own) return no(403, "The checkpoint's signature cannot be kept.");
  const std::string text = journal::format_checkpoint(*opened);
  const std::string line = journal::cosign_note_line(text, view.witness, view.now_s);
  return {200, "text/plain; charset=utf-8", line, *own + line};
}

}  // namespace oberih::client
