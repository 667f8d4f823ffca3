// SPDX-License-Identifier: Apache-2.0
// The recorder's side of PostgreSQL, as oberih_writer. Whatever happens to the connection, append()
// answers with what is certain: committed, not committed, or unknown after a bounded time.
#pragma once

#include <chrono>
#include <memory>

#include "server/application/ports.hpp"
#include "server/storage/database_session.hpp"

namespace oberih::storage {

class AppendStatement;

class PostgresJournalStore final : public application::JournalStore {
 public:
  /// Connects, refuses unsafe settings and another schema. Throws DatabaseError.
  PostgresJournalStore(const DatabaseSettings& settings, ReportFailure report);
  ~PostgresJournalStore() override;
  /// What require_safe_settings() found worth a line in the log.
  const std::vector<std::string>& warnings() const { return warnings_; }

  application::JournalHead load_head() override;
  void load_structure(std::uint64_t first_index, std::uint64_t end_index,
                      const std::function<void(const application::JournalRow&)>& take) override;
  void load_channel_ends(const std::function<void(const ChannelId&, std::uint64_t channel_seq,
                                                  const Digest&)>& take) override;
  /// `log_size` is of the device's newest entry; what its records quoted, the records say.
  sealing::SenderHead load_sender_head(const ChannelId& channel, const DeviceId& device) override;
  std::optional<Digest> load_leaf_hash(const ChannelId& channel,
                                       std::uint64_t channel_seq) override;
  std::optional<Bytes> load_channel_leaf(const ChannelId& channel,
                                         std::uint64_t channel_seq) override;
  std::optional<wire::FoundEntry> load_entry(const DeviceId& sender, const MessageId& id) override;
  std::optional<sealing::Task> load_task(const ChannelId& channel, const TaskId& task) override;
  std::vector<application::TaskWakeRow> load_due_wakes(Milliseconds now_ms,
                                                       std::size_t most) override;
  std::optional<application::AskedRow> load_asked(const ChannelId& channel,
                                                  std::uint64_t channel_seq) override;
  std::vector<application::AskedRow> load_due_asked(Milliseconds now_ms, std::size_t most) override;
  std::optional<application::HearingRow> load_hearing(const ChannelId& channel,
                                                      const HearingId& hearing) override;
  std::vector<application::HearingRow> load_due_hearings(Milliseconds now_ms,
                                                         std::size_t most) override;
  void load_excluding_hearings(
      const std::function<void(const ChannelId&, const sealing::Hearing&)>& take) override;
  std::vector<application::ReceiptReach> load_receipt_reach(
      const ChannelId& channel, const std::vector<DeviceId>& devices) override;
  std::optional<application::JournalRow> load_newest_receipt(const ChannelId& channel,
                                                             const DeviceId& device,
                                                             sealing::ReceiptStep step) override;
  std::optional<Digest> load_checkpoint_root(std::uint64_t size) override;
  std::optional<application::StoredCheckpoint> load_newest_checkpoint() override;
  /// The same checkpoint twice is harmless; another root for a size is a DatabaseError.
  void store_checkpoint(const application::StoredCheckpoint& checkpoint) override;
  application::CommitOutcome append(const application::Batch& batch) override;

 private:
  using Deadline = std::chrono::steady_clock::time_point;
  enum class Found { ours, not_yet, another, unreadable };

  std::vector<application::JournalRow> load_structure_page(std::uint64_t first_index,
                                                           std::uint64_t end_index);
  bool execute_append(const application::Batch& batch);
  /// Until the deadline, with back-off. False: not reached.
  bool reconnect_until(Deadline deadline);
  application::CommitOutcome resolve_lost(const application::Batch& batch);
  /// Nothing: still not known, look again.
  std::optional<application::CommitOutcome> send_again(const application::Batch& batch);
  /// What stands where the batch would.
  Found look_for(const application::Batch& batch);
  application::CommitOutcome outcome_of(const DatabaseFailure& failure) const;
  void report(const std::string& sentence) const {
    if (report_) report_(sentence);
  }

  ReportFailure report_;
  DatabaseSession session_;
  std::vector<std::string> warnings_;
  std::unique_ptr<AppendStatement> append_;  // INVARIANT: of the session's present connection
  unsigned append_generation_ = 0;
};

}  // namespace oberih::storage
