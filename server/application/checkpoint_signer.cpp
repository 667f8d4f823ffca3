// SPDX-License-Identifier: Apache-2.0
#include "server/application/checkpoint_signer.hpp"

namespace oberih::application {

CheckpointSigner::CheckpointSigner(journal::NoteSigner signer, CheckpointArchive& archive,
                                   const SteadyClock& steady, std::uint64_t interval_ms)
    : signer_(std::move(signer)), archive_(archive), steady_(steady), interval_ms_(interval_ms) {}

Result<void> CheckpointSigner::compare(const WorkingState& working, JournalStore& store) {
  if (working.size() > 0) {
    const sealing::Genesis& genesis = working.directory()->genesis();
    if (genesis.origin != signer_.name || genesis.journal_key != signer_.signer.public_key())
      return refuse(RefusalCode::verification_failed,
                    "The journal key of this server is not the one that the genesis names.");
  }
  if (auto stored = store.load_newest_checkpoint())
    OBERIH_TRY(compare_note(working, stored->note, "The database"));
  if (auto archived = archive_.read())
    OBERIH_TRY(compare_note(working, *archived, "The file outside of the database"));
  return {};
}

Result<void> CheckpointSigner::compare_note(const WorkingState& working, const std::string& note,
                                            std::string_view where) {
  const std::string place(where);
  Result<journal::Checkpoint> opened = journal::open_checkpoint(note, signer_.verifier());
  if (!opened)
    return refuse(RefusalCode::verification_failed,
                  place + " holds a checkpoint that this journal's key did not sign.");
  if (opened->size > working.size())
    return refuse(
        RefusalCode::verification_failed,
        place + " holds a signed checkpoint over " + std::to_string(opened->size) +
            " leaves, but the journal has only " + std::to_string(working.size()) +
            ". The database was restored to an older state. Restore a newer one, or let the"
            " agencies sign a governance continuation; nothing is served until then.");
  if (opened->size == working.size() &&
      (opened->root != working.frontier().root() ||
       opened->directory_leaf != working.directory()->newest_leaf()))
    return refuse(RefusalCode::verification_failed,
                  place + " holds a signed checkpoint with another root than the journal has at " +
                      std::to_string(opened->size) + " leaves. Run 'oberihd check'.");
  if (!newest_ || newest_->size < opened->size)
    newest_ = SignedCheckpoint{opened->size, opened->root, note};
  return {};
}

std::optional<std::uint64_t> CheckpointSigner::due_ms(const WorkingState& working) const {
  if (working.size() == 0 || (newest_ && newest_->size == working.size())) return std::nullopt;
  return last_try_ms_ ? *last_try_ms_ + interval_ms_ : steady_.elapsed_ms();
}

SignedCheckpoint CheckpointSigner::sign(const WorkingState& working, JournalStore& store) {
  last_try_ms_ = steady_.elapsed_ms();
  const journal::Checkpoint checkpoint{signer_.name, working.size(), working.frontier().root(),
                                       working.directory()->count(),
                                       working.directory()->newest_leaf()};
  SignedCheckpoint made{checkpoint.size, checkpoint.root,
                        journal::sign_checkpoint(checkpoint, signer_)};
  if (stored_size_ != made.size) store.store_checkpoint({made.size, made.root, made.note});
  stored_size_ = made.size;
  archive_.write(made.note);
  newest_ = made;
  return made;
}

}  // namespace oberih::application
