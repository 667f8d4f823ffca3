// SPDX-License-Identifier: Apache-2.0
// The journal in memory, as faithful as tests need it: the head row is the fence, (sender, msg_id)
// is unique, a batch stands whole or not at all. Failures are injected by the test.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <tuple>

#include "server/application/journal_tree.hpp"
#include "server/application/ports.hpp"

namespace oberih::test {

class MemoryJournal {
 public:
  enum class Fault {
    none,
    fail,                // rolled back for certain
    lose_after_commit,   // committed, but the answer is lost
    lose_before_commit,  // not committed, and the answer is lost
  };

  /// Outcome of the coming append() calls, one each; then none.
  void inject(std::initializer_list<Fault> faults);
  /// While true every load_ throws.
  void set_away(bool away);
  /// Called at the beginning of every append(), without the lock: another process writes, say.
  std::function<void()> before_append;

  std::size_t batches() const;                // committed
  std::size_t checkpoint_root_reads() const;  // load_checkpoint_root() calls
  std::vector<application::JournalRow> rows() const;
  std::vector<std::string> checkpoints() const;
  std::map<std::pair<ChannelId, TaskId>, sealing::Task> tasks() const;
  std::vector<application::TaskWakeRow> wakes() const;
  std::map<std::pair<ChannelId, HearingId>, application::HearingRow> hearings() const;
  /// What a database administrator could change.
  void overwrite_head(const application::JournalHead& head);

 private:
  friend class MemoryStore;
  friend class MemoryReader;

  mutable std::mutex mutex_;
  application::JournalHead head_;
  std::vector<application::JournalRow> rows_;
  std::map<std::uint64_t, application::EntryRow> entries_;  // by index
  std::map<std::uint64_t, application::EpochRow> epochs_;
  std::map<std::pair<DeviceId, MessageId>, std::uint64_t> entry_by_message_;
  std::map<ChannelId, std::vector<std::uint64_t>> channels_;  // indexes by channel_seq - 1
  std::vector<std::uint64_t> directory_;
  std::vector<application::ReceiptRow> receipts_;
  std::vector<application::AlertRow> alerts_;
  std::map<DeviceId, sealing::NameCard> name_cards_;
  std::map<std::uint64_t, application::StoredCheckpoint> checkpoints_;
  std::map<std::pair<ChannelId, TaskId>, sealing::Task> tasks_;
  using WakeKey = std::tuple<ChannelId, TaskId, std::uint16_t>;
  std::map<WakeKey, application::TaskWakeRow> wakes_;
  std::map<std::pair<ChannelId, std::uint64_t>, application::AskedRow> asked_;
  std::map<std::pair<ChannelId, HearingId>, application::HearingRow> hearings_;
  std::deque<Fault> faults_;
  std::size_t batches_ = 0;
  std::size_t checkpoint_root_reads_ = 0;
  bool away_ = false;
};

class MemoryStore final : public application::JournalStore {
 public:
  explicit MemoryStore(MemoryJournal& journal) : journal_(journal) {}

  application::JournalHead load_head() override;
  void load_structure(std::uint64_t first_index, std::uint64_t end_index,
                      const std::function<void(const application::JournalRow&)>& take) override;
  void load_channel_ends(
      const std::function<void(const ChannelId&, std::uint64_t, const Digest&)>& take) override;
  sealing::SenderHead load_sender_head(const ChannelId& channel, const DeviceId& device) override;
  std::optional<Digest> load_leaf_hash(const ChannelId& channel, std::uint64_t seq) override;
  std::optional<Bytes> load_channel_leaf(const ChannelId& channel, std::uint64_t seq) override;
  std::optional<wire::FoundEntry> load_entry(const DeviceId& sender, const MessageId& id) override;
  std::optional<sealing::Task> load_task(const ChannelId& channel, const TaskId& task) override;
  std::vector<application::TaskWakeRow> load_due_wakes(Milliseconds now_ms,
                                                       std::size_t most) override;
  std::optional<application::AskedRow> load_asked(const ChannelId& channel,
                                                  std::uint64_t seq) override;
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
  void store_checkpoint(const application::StoredCheckpoint& checkpoint) override;
  application::CommitOutcome append(const application::Batch& batch) override;

 private:
  std::unique_lock<std::mutex> reach() const;  // throws while the journal is away
  application::CommitOutcome commit(const application::Batch& batch);
  MemoryJournal& journal_;
};

/// Answers on the calling thread.
class MemoryReader final : public application::JournalReader {
 public:
  explicit MemoryReader(MemoryJournal& journal) : journal_(journal) {}

  void read_channel(const domain::Origin&, const ChannelId& channel, std::uint64_t after_seq,
                    std::uint32_t limit, bool latest,
                    std::function<void(Result<wire::ItemPage>)> done) override;
  void read_directory(const domain::Origin&, std::uint64_t after_count, std::uint32_t limit,
                      std::function<void(Result<wire::DirectoryPage>)> done) override;
  void read_name_cards(const domain::Origin&, std::vector<DeviceId> devices,
                       std::function<void(Result<wire::NameCards>)> done) override;
  void find_entries(const domain::Origin&, const DeviceId& sender, const ChannelId& channel,
                    std::vector<MessageId> ids,
                    std::function<void(Result<wire::FoundEntries>)> done) override;
  void read_receipts(const domain::Origin&, const ChannelId& channel, std::uint64_t channel_seq,
                     const DeviceId& after_device,
                     std::function<void(Result<wire::ReceiptPage>)> done) override;
  void read_alerts(const domain::Origin&, const AgencyId& agency, std::vector<UnitId> units,
                   std::uint64_t after_index, std::uint32_t limit,
                   std::function<void(Result<wire::AlertPage>)> done) override;
  void read_tile(const domain::Origin&, std::uint64_t tree_size, const journal::TileAddress& tile,
                 std::function<void(Result<Bytes>)> done) override;
  void read_leaf(const domain::Origin&, std::uint64_t index,
                 std::function<void(Result<Bytes>)> done) override;
  void find_leaves(const domain::Origin&, application::AuditWish wish,
                   std::function<void(Result<wire::AuditPage>)> done) override;
  void read_proofs(const domain::Origin&, std::vector<application::ProofWish> wishes,
                   std::function<void(Result<std::vector<journal::ProofPath>>)> done) override;

 private:
  wire::ChannelItem item_at(std::uint64_t index) const;
  /// With the lock held.
  application::JournalTree tree(std::uint64_t size);
  MemoryJournal& journal_;
  application::TileRoots tile_roots_;
};

}  // namespace oberih::test
