// SPDX-License-Identifier: Apache-2.0
// Lays a journal through the server's own recorder and rules, in this process and without a
// network: every signature is checked as if it had come by TLS. Not while a server runs.
#pragma once

#include <condition_variable>
#include <mutex>

#include "server/application/checkpoint_file.hpp"
#include "server/application/recorder.hpp"
#include "server/application/services.hpp"
#include "server/runtime/clocks.hpp"
#include "server/storage/journal_reader.hpp"
#include "server/storage/journal_store.hpp"
#include "tests/load/population.hpp"

namespace oberih::load {

class HistoryWriter final : application::CommitListener {
 public:
  HistoryWriter(const storage::DatabaseSettings& database, const std::string& state_directory);

  // Any thread. They return before the commit, and wait where much is under way; the first refusal
  // is thrown by the next call.
  void append(const wire::DirectoryAppend& leaf);
  void append(const Member& author, const wire::ChannelAppend& record);
  void append(const Member& author, const wire::EntryPost& entry);
  /// Until everything is committed.
  void wait();

  /// The newest one signed; waits for the first.
  application::SignedCheckpoint checkpoint() const;
  std::uint64_t size() const { return view_.size(); }

 private:
  void on_commit(application::CommittedBatch) override {}
  void on_checkpoint(const std::string&) override {}
  /// Counts one more under way; the answer that counts it off again.
  application::Answer<wire::Appended> begin();
  void throw_failure() const;

  runtime::WallClock wall_;
  runtime::MonotonicClock steady_;
  application::PoliciesInForce policies_;
  application::JournalView view_;
  storage::PostgresJournalStore store_;
  storage::PostgresJournalReader reader_;
  application::CheckpointFile archive_;
  application::CheckpointSigner signer_;
  std::mutex mutex_;
  std::condition_variable answered_;
  std::size_t under_way_ = 0;
  std::string failure_;
  application::Recorder recorder_;  // last: it ends before what it uses
  application::Services services_;
};

}  // namespace oberih::load
