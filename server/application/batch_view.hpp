// SPDX-License-Identifier: Apache-2.0
// One commit batch while it is judged: the working state plus what the units so far have staged.
// Units see each other's leaves; nobody else does until COMMIT. Dropped, it leaves the working
// state as it was.
#pragma once

#include <set>
#include <tuple>

#include "protocol/sealing/access_leaf.hpp"
#include "protocol/sealing/alert.hpp"
#include "protocol/sealing/anchor_leaf.hpp"
#include "protocol/sealing/audit_leaf.hpp"
#include "protocol/sealing/entry_references.hpp"
#include "protocol/sealing/hearing_event.hpp"
#include "protocol/sealing/refusal_leaf.hpp"
#include "protocol/sealing/server_event.hpp"
#include "server/application/working_state.hpp"

namespace oberih::application {

class BatchView {
 public:
  /// `now_ms` is the wall clock's; the batch's time never falls behind the newest leaf's.
  BatchView(WorkingState& working, JournalStore& store, const JournalView& view,
            Milliseconds now_ms);
  ~BatchView();
  BatchView(const BatchView&) = delete;
  BatchView& operator=(const BatchView&) = delete;

  // -- judging ------------------------------------------------------------------------------------
  const sealing::Directory& directory() const;
  std::uint64_t next_index() const { return frontier_.size(); }
  Milliseconds server_ms() const { return server_ms_; }
  sealing::Place place_in(const sealing::ChannelState& channel) const;
  /// An empty state where there is none: what a create is judged against.
  const sealing::ChannelState& channel(const ChannelId& id) const;
  const sealing::ProposalBook& proposals() const;
  /// Those of the newest policy leaf; empty before the first.
  const std::vector<sealing::PolicyFile>& policy_files() const;
  /// The record that the channel's head is; for a record that is sent again.
  const wire::Appended& newest_record(const ChannelId& id) const;
  /// Makes the channel's state know the sender's chain; reads the store when it is first asked.
  sealing::SenderHead load_sender(const ChannelId& id, const DeviceId& device);
  sealing::LeafHashAt leaf_hashes(const ChannelId& id) const;
  /// The channel's entries, staged or stored.
  sealing::EntryAt entries(const ChannelId& id) const;
  /// Whether this journal signed that root for that size.
  bool is_signed_checkpoint(std::uint64_t size, const Digest& root) const;
  /// The store has refused an id of these units: now each entry's is to be looked up. Else only
  /// where the sender's chain says that the entry may be known, for a query a post would be dear.
  void ask_for_every_id() { asks_for_every_id_ = true; }
  bool asks_for_every_id() const { return asks_for_every_id_; }
  /// An entry of this sender, staged or stored.
  std::optional<wire::FoundEntry> load_entry(const DeviceId& sender, const MessageId& id) const;
  /// What the device's receipts have reached; reads the store when it is first asked.
  ReceiptHead load_receipt(const ChannelId& id, const DeviceId& device, sealing::ReceiptStep step);
  /// Whether the newest entry that asks for a receipt at once lies between the two sequences.
  bool asks_at_once(const ChannelId& id, std::uint64_t after_seq, std::uint64_t seq) const;

  /// A task of the channel, staged or stored; nullptr where there is none.
  sealing::TaskPointer load_task(const ChannelId& channel, const TaskId& id);

  /// A hearing of the channel, staged or stored; nothing where there is none.
  std::optional<HearingRow> load_hearing(const ChannelId& channel, const HearingId& id);
  sealing::HearingPointer find_hearing(const ChannelId& channel, const HearingId& id);
  bool is_hearing_staged(const ChannelId& channel, const HearingId& id) const {
    return staged_hearings_.contains({channel, id});
  }
  /// Of the store alone: what this batch changes is not in it.
  std::vector<HearingRow> load_due_hearings(std::size_t most) const;

  bool is_task_staged(const ChannelId& channel, const TaskId& id) const;
  /// Of the store alone: what this batch changes is not in it.
  std::vector<TaskWakeRow> load_due_wakes(std::size_t most) const;

  /// An entry of the channel that asks for something, staged or stored; nothing where none does.
  std::optional<AskedRow> load_asked(const ChannelId& channel, std::uint64_t channel_seq) const;
  bool is_asked_staged(const ChannelId& channel, std::uint64_t channel_seq) const {
    return staged_asked_.contains({channel, channel_seq});
  }
  /// Of the store alone, as load_due_wakes.
  std::vector<AskedRow> load_due_asked(std::size_t most) const;
  /// How far the receipts of these devices reach, staged or stored: by device, then step.
  std::map<ReceiptPlace, std::uint64_t> load_receipt_reach(
      const ChannelId& channel, const std::vector<DeviceId>& devices) const;

  // -- staging; INVARIANT: only what was judged against this very view ----------------------------
  wire::Appended stage_entry(const sealing::EntryHeader& header, const sealing::SealedEntry& entry,
                             const Digest& message_hash, const Bytes& ciphertext);
  /// What the entry that is staged next makes of its task.
  void stage_task(const ChannelId& channel, sealing::Task task);
  /// What the entry that is staged next makes of its hearing, and when to look at it.
  void stage_hearing(HearingRow row);
  /// What the server says of a task, in the channel's chain; with what it makes of the task.
  /// INVARIANT: judge_event accepts it.
  void stage_server_event(const ChannelId& channel, const sealing::ServerEvent& event);
  /// What those who answer for the work are told of a task of the channel, outside of it.
  /// INVARIANT: judge_alert accepts it.
  void stage_alert(const ChannelId& channel, const sealing::Alert& alert);
  void stage_wake(const TaskWakeRow& wake);
  void stage_asked(AskedRow row);
  /// That people have not done what the entry of the row asks for, in the channel's chain, and
  /// behind it what their agencies are told. The row is as it is after it, and not staged.
  /// INVARIANT: judge_missing_step accepts it.
  void stage_missing_step(AskedRow& row, const sealing::MissingStep& event);
  /// What the server says of the row's hearing, in the channel's chain, and behind it what the
  /// agencies are told. The row is as it is after it, and not staged.
  /// INVARIANT: judge_hearing_event accepts it.
  void stage_hearing_event(HearingRow& row, const sealing::HearingEvent& event);
  /// Rung after COMMIT, once for the batch. Goes with a leaf that says why.
  void stage_ring(const Ring& ring) { staged_rings_.insert(ring); }
  wire::Appended stage_record(const sealing::ChannelRecord& record,
                              const sealing::SignedRecord& signed_record, const Bytes& wraps,
                              const Bytes& prev_box);
  wire::Appended stage_receipt(const sealing::SignedReceipt& receipt);
  wire::Appended stage_proposal(const sealing::ParsedProposalBody& parsed, const Bytes& body);
  wire::Appended stage_policies(const sealing::PolicyLeaf& leaf);
  wire::Appended stage_anchor(const sealing::AnchorLeaf& leaf);
  /// The channel is left out where it does not exist, here and below.
  wire::Appended stage_question(const ChannelId& channel,
                                const sealing::SignedAuditQuestion& question);
  wire::Appended stage_access(const ChannelId& channel, const sealing::AccessLeaf& access);
  /// The channel is left out where it does not exist: nobody writes made-up ids into headers.
  wire::Appended stage_refusal(const ChannelId& channel, const sealing::RefusalLeaf& leaf);
  /// Judges too: the directory's rules are all in Directory::apply.
  Result<wire::Appended> stage_directory_leaf(journal::LeafKind kind, const Bytes& body,
                                              const std::optional<sealing::NameCard>& name_card);

  // -- outcome ------------------------------------------------------------------------------------
  bool is_empty() const {
    return batch_.rows.empty() && staged_wakes_.empty() && staged_asked_.empty() &&
           staged_hearings_.empty();
  }
  const Batch& batch() const { return batch_; }
  /// Completes the batch's head row. INVARIANT: the last call before append().
  void seal();
  struct Merged {
    Publication publication;
    CommittedBatch committed;
  };
  Merged merge();  // after COMMIT
  void drop();     // after a rollback

 private:
  struct Undo {
    ChannelId channel;
    // Of a record or a leave: everything. Nothing where the channel was created in this batch.
    std::optional<sealing::ChannelState> whole;
    wire::Appended newest_record;
    // Of any other entry: what it changes.
    std::uint64_t newest_seq = 0;
    Digest newest_leaf;
    DeviceId sender;
    sealing::SenderHead sender_head;
    std::uint64_t asks_at_once_seq = 0;
    std::optional<sealing::ExclusionLedger> exclusions;  // of a hearing's entry
    std::optional<std::pair<ReceiptPlace, ReceiptHead>> receipt_before;
    enum class What { creation, structure, post, receipt, event } what{};
  };

  sealing::ProposalBook& staged_proposals();
  Result<void> check_continuation(const Bytes& body) const;
  wire::Appended stage_leaf(const journal::Leaf& leaf);
  wire::Appended stage_channel_leaf(journal::LeafKind kind, const ChannelId& id, Bytes body);
  /// What the server says in a channel's chain.
  void stage_event(const ChannelId& id, Bytes body);
  void undo(const Undo& step);
  void merge_tasks();
  void merge_hearings();
  std::vector<CommittedItem> take_items();

  WorkingState& working_;
  JournalStore& store_;
  const JournalView& view_;
  Milliseconds server_ms_;
  journal::MerkleFrontier frontier_;
  std::shared_ptr<sealing::Directory> staged_directory_;
  std::shared_ptr<sealing::ProposalBook> staged_proposals_;
  std::optional<std::vector<sealing::PolicyFile>> staged_policy_files_;
  Batch batch_;
  std::vector<Undo> undo_;             // in order of staging
  std::map<ChannelId, bool> touched_;  // true: record or leave
  std::map<std::pair<DeviceId, MessageId>, wire::FoundEntry> staged_entries_;
  std::map<std::pair<ChannelId, TaskId>, TaskRow> staged_tasks_;
  std::map<std::tuple<ChannelId, TaskId, std::uint16_t>, TaskWakeRow> staged_wakes_;
  std::map<std::pair<ChannelId, std::uint64_t>, AskedRow> staged_asked_;
  std::map<std::pair<ChannelId, HearingId>, HearingRow> staged_hearings_;
  std::set<Ring> staged_rings_;
  bool settled_ = false;
  bool asks_for_every_id_ = false;
};

}  // namespace oberih::application
