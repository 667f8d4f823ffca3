// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/append_directory_leaf.hpp"

#include <chrono>
#include <future>
#include <thread>

#include "server/application/append_directory.hpp"
#include "server/application/checkpoint_file.hpp"
#include "server/runtime/clocks.hpp"
#include "server/runtime/settings_arguments.hpp"
#include "server/storage/journal_store.hpp"
#include "server/storage/serving_lock.hpp"

namespace oberih::runtime {
namespace {

constexpr unsigned signature_tries = 60;
constexpr std::chrono::milliseconds signature_pause{50};

class NobodyListens final : public application::CommitListener {
 public:
  void on_commit(application::CommittedBatch) override {}
  void on_checkpoint(const std::string&) override {}
};

bool is_continuation(const wire::DirectoryLeafFile& leaf, const journal::Checkpoint& lost) {
  if (leaf.kind != journal::LeafKind::governance) return false;
  auto body = sealing::parse_governance_body(leaf.body);
  if (!body) return false;
  auto governance = sealing::parse_governance_content(body->content);
  return governance && governance->change == sealing::GovernanceChange::continuation &&
         governance->continuation.old_size == lost.size &&
         governance->continuation.old_root == lost.root;
}

/// A recorder without a signer, for one leaf; the database's head row is what keeps it and a
/// running server apart.
class OfflineRecorder {
 public:
  explicit OfflineRecorder(const Settings& settings)
      : store_(database_settings(settings), [](const std::string&) {}),
        recorder_(store_, view_, wall_, steady_, listener_, nullptr, {}) {}

  Result<void> start() { return recorder_.start(); }
  /// A database that was restored to an older state must not go on unseen: it takes nothing but the
  /// leaf by which the agencies' roots say so.
  Result<void> compare_archived(const std::optional<std::string>& note,
                                const wire::DirectoryLeafFile& leaf) const {
    if (!note || view_.directory()->is_empty()) return {};
    const sealing::Directory& directory = *view_.directory();
    auto opened = journal::read_unverified_checkpoint(*note);
    if (!opened || opened->size <= view_.size() || is_continuation(leaf, *opened) ||
        sealing::find_continuation(directory, opened->size, opened->root))
      return {};
    return refuse(RefusalCode::verification_failed,
                  "The state directory holds a signed checkpoint over " +
                      std::to_string(opened->size) + " leaves, but the journal has only " +
                      std::to_string(view_.size()) +
                      ". The database was restored to an older state: restore a newer one, or "
                      "append a continuation that the agencies' roots have signed "
                      "('oberih governance propose continuation').");
  }
  const application::JournalView& view() const { return view_; }
  void confirm_clock() { recorder_.confirm_clock(); }
  Result<wire::Appended> append(wire::DirectoryLeafFile leaf) {
    std::promise<Result<wire::Appended>> outcome;
    auto future = outcome.get_future();
    // No caller and no permission: the author is an offline root, the directory's rules decide.
    application::append_directory_leaf(
        recorder_, {}, {leaf.kind, std::move(leaf.body), std::move(leaf.name_card)},
        [&outcome](Result<wire::Appended> answer) { outcome.set_value(std::move(answer)); });
    return future.get();
  }
  /// So that whoever was certified can connect at once.
  void wait_for_signature(std::uint64_t index) {
    recorder_.stop();  // from here on the store is this thread's
    for (unsigned tries = 0; tries < signature_tries; ++tries) {
      auto checkpoint = store_.load_newest_checkpoint();
      if (checkpoint && checkpoint->size > index) return;
      std::this_thread::sleep_for(signature_pause);
    }
  }

 private:
  WallClock wall_;
  MonotonicClock steady_;
  NobodyListens listener_;
  application::JournalView view_;
  storage::PostgresJournalStore store_;
  application::Recorder recorder_;
};

bool a_server_runs(const Settings& settings) {
  try {
    storage::ServingLock lock(database_settings(settings));
    return false;
  } catch (const std::runtime_error&) {
    return true;  // or the database is away: then waiting does no harm
  }
}

}  // namespace

Result<void> append_genesis(const Settings& settings, const sealing::SignedGenesis& genesis) {
  OfflineRecorder recorder(settings);
  OBERIH_TRY(recorder.start());
  auto directory = recorder.view().directory();
  if (!directory->is_empty()) {
    if (directory->genesis_hash() == sealing::genesis_hash(genesis.content)) return {};
    return refuse(RefusalCode::id_taken,
                  "The database holds another journal already. One database holds one journal.");
  }
  auto appended =
      recorder.append({journal::LeafKind::genesis, sealing::encode_genesis_body(genesis), {}});
  if (!appended) return appended.error();
  return {};
}

Result<wire::Appended> append_directory_leaf(const Settings& settings,
                                             const wire::DirectoryLeafFile& leaf,
                                             ClockConfirmation clock) {
  OfflineRecorder recorder(settings);
  OBERIH_TRY(recorder.start());
  if (recorder.view().directory()->is_empty())
    return refuse(RefusalCode::unavailable,
                  "The journal is empty. 'oberihd init --signed FILE' starts it.");
  application::CheckpointFile archive(settings.state_directory + "/checkpoint");
  OBERIH_TRY(recorder.compare_archived(archive.read(), leaf));
  if (clock == ClockConfirmation::yes) recorder.confirm_clock();
  auto appended = recorder.append(leaf);
  if (appended && a_server_runs(settings)) recorder.wait_for_signature(appended->index);
  return appended;
}

}  // namespace oberih::runtime
