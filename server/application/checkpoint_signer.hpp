// SPDX-License-Identifier: Apache-2.0
// Signs the journal's size and root soon after they changed, and keeps the signed note in two
// places. Runs on the recorder's thread, so that it can never see a size that is not committed.
#pragma once

#include "protocol/sealing/directory_checkpoint.hpp"
#include "server/application/journal_view.hpp"
#include "server/application/ports.hpp"
#include "server/application/working_state.hpp"

namespace oberih::application {

class CheckpointSigner {
 public:
  /// 900 ms, not 1,000: a checkpoint is promised within a second of every change, and signing,
  /// storing and a batch in the way take time of their own.
  static constexpr std::uint64_t default_interval_ms = 900;

  /// The signer with this key, where this server has it: after the directory has named another.
  using FindSigner = std::function<std::optional<journal::NoteSigner>(const SignaturePublicKey&)>;

  /// What the witnesses show as the newest that they have cosigned: name and note. Blocks for a
  /// bounded time; who does not answer is left out.
  struct WitnessedBy {
    std::string witness;
    std::string note;
  };
  using AskWitnesses = std::function<std::vector<WitnessedBy>(const sealing::Directory&)>;

  CheckpointSigner(journal::NoteSigner signer, CheckpointArchive& archive,
                   const SteadyClock& steady, std::uint64_t interval_ms = default_interval_ms,
                   FindSigner find_signer = {});

  /// compare() asks them too. What they show and this journal has not signed is left aside: a
  /// witness that lies must not stop a server.
  void ask_witnesses(AskWitnesses ask) { ask_witnesses_ = std::move(ask); }
  /// Compares the loaded journal with the last signed checkpoints, in the database and outside of
  /// it. Refuses with verification_failed and a sentence for the operator. The root of a larger
  /// tree than the checkpoint's is `oberihd check`'s business: the frontier alone cannot tell.
  Result<void> compare(const WorkingState& working, JournalStore& store);

  /// When the next one may be signed (SteadyClock); nothing while nothing has changed.
  std::optional<std::uint64_t> due_ms(const WorkingState& working) const;
  /// Signs, stores, archives. Throws what the store and the archive throw, and where this server
  /// does not have the key that the directory names; it is then due again an interval later.
  SignedCheckpoint sign(const WorkingState& working, JournalStore& store);
  /// The newest one known, where compare() found one.
  const std::optional<SignedCheckpoint>& newest() const { return newest_; }

 private:
  Result<void> choose_signer(const sealing::Directory& directory);
  Result<void> compare_note(const WorkingState& working, const std::string& note,
                            std::string_view where);
  /// The database stores a checkpoint before anybody else gets it: what others hold must be
  /// there.
  Result<void> compare_kept(const WorkingState& working, JournalStore& store,
                            const std::string& note, std::string_view where);

  journal::NoteSigner signer_;
  FindSigner find_signer_;
  AskWitnesses ask_witnesses_;
  CheckpointArchive& archive_;
  const SteadyClock& steady_;
  const std::uint64_t interval_ms_;
  std::optional<SignedCheckpoint> newest_;
  std::optional<std::uint64_t> last_try_ms_;
  std::uint64_t stored_size_ = 0;  // the archive may have failed after the database took it
};

}  // namespace oberih::application
