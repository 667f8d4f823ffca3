// SPDX-License-Identifier: Apache-2.0
// The journal's state as the recorder works on it: follows the journal leaf by leaf, one thread
// only. What readers may see is published from here into the JournalView, after COMMIT.
#pragma once

#include <map>
#include <unordered_map>
#include <unordered_set>

#include "protocol/journal/merkle_tree.hpp"
#include "protocol/sealing/policy_leaf.hpp"
#include "server/application/journal_view.hpp"
#include "server/application/ports.hpp"

namespace oberih::application {

/// The newest leaf hashes of a channel, bounded; older ones are in the store.
class RecentLeaves {
 public:
  void put(std::uint64_t channel_seq, const Digest& leaf_hash);
  std::optional<Digest> find(std::uint64_t channel_seq) const;
  void clear() { slots_.clear(); }

 private:
  static constexpr std::size_t capacity = 128;
  struct Slot {
    std::uint64_t channel_seq = 0;
    Digest leaf_hash;
  };
  std::vector<Slot> slots_;  // grows to the capacity, then is a ring
};

/// Roots of checkpoints that were quoted and read from the store: after a start everybody quotes
/// older ones than the view holds. Bounded; the oldest gives way.
class QuotedCheckpoints {
 public:
  void put(std::uint64_t size, const Digest& root);
  std::optional<Digest> find(std::uint64_t size) const;

 private:
  static constexpr std::size_t capacity = 1024;
  std::map<std::uint64_t, Digest> roots_;
};

/// What reaches furthest of a device's receipts of one step. All zero: none yet.
struct ReceiptHead {
  sealing::Receipt receipt;
  wire::Appended appended;
};
using ReceiptPlace = std::pair<DeviceId, sealing::ReceiptStep>;

struct WorkingChannel {
  sealing::ChannelState state;
  RecentLeaves recent_leaves;
  /// Senders whose chain was read from the store or written since: for others the state may know a
  /// part only (start-up reads records and leaves alone).
  std::unordered_set<DeviceId, FixedBytesHash> complete_senders;
  /// Tasks that were read from the store or written; others are in the store.
  std::map<TaskId, sealing::TaskPointer> tasks;
  /// The same of hearings.
  std::map<HearingId, HearingRow> hearings;
  wire::Appended newest_record;                  // answers a record that is sent again
  std::map<ReceiptPlace, ReceiptHead> receipts;  // those that were read from the store or written
  /// The newest entry that asks for a receipt at once, as far as this process has seen it come.
  std::uint64_t asks_at_once_seq = 0;
};

/// What loading brought, for readers and for the fan-out.
struct Loaded {
  Publication publication;
  std::vector<ChannelId> changed_rosters;
  std::vector<ChannelId> moved_channels;
  bool directory_changed = false;
};

class WorkingState {
 public:
  WorkingState();

  /// Reads from the store what lies between size() and the store's head. Refuses
  /// (verification_failed, with a sentence for the operator) a store that contradicts itself. What
  /// the store throws goes through; the state is then unusable until a load succeeds.
  Result<Loaded> load(JournalStore& store);

  std::uint64_t size() const { return frontier_.size(); }
  Milliseconds server_ms() const { return server_ms_; }
  const journal::MerkleFrontier& frontier() const { return frontier_; }
  const DirectoryPointer& directory() const { return directory_; }
  const ProposalsPointer& proposals() const { return proposals_; }
  const std::vector<sealing::PolicyFile>& policy_files() const { return policy_files_; }
  JournalHead head() const;

  WorkingChannel* find_channel(const ChannelId& channel);
  const WorkingChannel* find_channel(const ChannelId& channel) const;
  WorkingChannel& channel_to_create(const ChannelId& channel) { return channels_[channel]; }
  QuotedCheckpoints& quoted_checkpoints() { return quoted_checkpoints_; }
  void forget_channel(const ChannelId& channel) { channels_.erase(channel); }

  /// INVARIANT: only after COMMIT.
  void move_on(const journal::MerkleFrontier& frontier, Milliseconds server_ms,
               DirectoryPointer directory, ProposalsPointer proposals);
  void follow_policies(std::vector<sealing::PolicyFile> files) { policy_files_ = std::move(files); }
  /// The channel as readers are to see it; with its state where `with_state`.
  Publication::Channel publish_channel(const ChannelId& channel, bool with_state) const;

 private:
  struct Intake;
  Result<void> take_row(const JournalRow& row, Intake& intake);
  Result<void> take_directory_leaf(const JournalRow& row, Intake& intake);
  Result<void> take_record(const JournalRow& row, const journal::Leaf& leaf, Intake& intake);
  Result<void> take_entry(const JournalRow& row, const journal::Leaf& leaf, Intake& intake);
  Result<void> take_proposal(const JournalRow& row, const journal::Leaf& leaf, Intake& intake);
  void forget_receipts();
  void load_exclusions(JournalStore& store);
  void take_channel_end(const ChannelId& channel, std::uint64_t channel_seq,
                        const Digest& leaf_hash, Intake& intake);
  Result<void> finish(const JournalHead& head, Intake& intake);

  journal::MerkleFrontier frontier_;
  Milliseconds server_ms_ = 0;
  DirectoryPointer directory_;
  ProposalsPointer proposals_;
  std::vector<sealing::PolicyFile> policy_files_;  // of the newest policy leaf
  std::unordered_map<ChannelId, WorkingChannel, FixedBytesHash> channels_;
  QuotedCheckpoints quoted_checkpoints_;
};

}  // namespace oberih::application
