// SPDX-License-Identifier: Apache-2.0
#include "server/application/checkpoint_signer.hpp"

#include <stdexcept>

namespace oberih::application {

CheckpointSigner::CheckpointSigner(journal::NoteSigner signer, CheckpointArchive& archive,
                                   const SteadyClock& steady, std::uint64_t interval_ms,
                                   FindSigner find_signer)
    : signer_(std::move(signer)),
      find_signer_(std::move(find_signer)),
      archive_(archive),
      steady_(steady),
      interval_ms_(interval_ms) {}

Result<void> CheckpointSigner::compare(const WorkingState& working, JournalStore& store) {
  if (working.size() > 0) OBERIH_TRY(choose_signer(*working.directory()));
  if (auto stored = store.load_newest_checkpoint())
    OBERIH_TRY(compare_note(working, stored->note, "The database"));
  if (auto archived = archive_.read())
    OBERIH_TRY(compare_kept(working, store, *archived, "The file outside of the database"));
  if (working.size() == 0 || !ask_witnesses_) return {};
  for (const WitnessedBy& each : ask_witnesses_(*working.directory()))
    if (sealing::open_checkpoint(each.note, *working.directory()))
      OBERIH_TRY(compare_kept(working, store, each.note, "The witness " + each.witness));
  return {};
}

Result<void> CheckpointSigner::choose_signer(const sealing::Directory& directory) {
  const bool is_of_this_journal = directory.origin() == signer_.name;
  if (is_of_this_journal && directory.journal_key() == signer_.signer.public_key()) return {};
  if (is_of_this_journal && find_signer_) {
    std::optional<journal::NoteSigner> other = find_signer_(directory.journal_key());
    if (other && other->name == signer_.name) {
      signer_ = std::move(*other);
      return {};
    }
  }
  return refuse(RefusalCode::verification_failed,
                "The journal key of this server is not the one that the directory names. Nothing "
                "is signed with it; bring the key that the governance leaf names into the state "
                "directory.");
}

Result<void> CheckpointSigner::compare_kept(const WorkingState& working, JournalStore& store,
                                            const std::string& note, std::string_view where) {
  OBERIH_TRY(compare_note(working, note, where));
  Result<journal::Checkpoint> opened = journal::read_unverified_checkpoint(note);
  if (!opened || opened->size >= working.size()) return {};
  if (sealing::find_continuation(*working.directory(), opened->size, opened->root)) return {};
  if (store.load_checkpoint_root(opened->size) == opened->root) return {};
  return refuse(RefusalCode::verification_failed,
                std::string(where) + " holds a signed checkpoint over " +
                    std::to_string(opened->size) +
                    " leaves that the database does not know: the database was restored to an "
                    "older state and went on from there. Restore a newer one; nothing is served "
                    "until then.");
}

Result<void> CheckpointSigner::compare_note(const WorkingState& working, const std::string& note,
                                            std::string_view where) {
  const std::string place(where);
  Result<journal::Checkpoint> opened = working.size() > 0
                                           ? sealing::open_checkpoint(note, *working.directory())
                                           : journal::open_checkpoint(note, signer_.verifier());
  if (!opened)
    return refuse(RefusalCode::verification_failed,
                  place + " holds a checkpoint that this journal's key did not sign.");
  if (working.size() > 0 &&
      sealing::find_continuation(*working.directory(), opened->size, opened->root))
    return {};  // the agencies' roots have given it up
  if (opened->size > working.size())
    return refuse(
        RefusalCode::verification_failed,
        place + " holds a signed checkpoint over " + std::to_string(opened->size) +
            " leaves, but the journal has only " + std::to_string(working.size()) +
            ". The database was restored to an older state. Restore a newer one, or let the"
            " agencies sign a governance continuation ('oberihd directory lost-tail' prints what to"
            " propose); nothing is served until then.");
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
  if (auto chosen = choose_signer(*working.directory()); !chosen)
    throw std::runtime_error(chosen.error().detail);
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
