// SPDX-License-Identifier: Apache-2.0
// What the application needs from outside, as small interfaces: storage behind SOCI in the product,
// an in-memory one in transcripts. No SQL, socket or JSON here.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"
#include "protocol/base/timestamp.hpp"
#include "protocol/journal/proof.hpp"
#include "protocol/journal/tile.hpp"
#include "protocol/sealing/audit_filter.hpp"
#include "protocol/wire/alerts.hpp"
#include "protocol/wire/audits.hpp"
#include "protocol/wire/receipts.hpp"
#include "protocol/wire/replies.hpp"
#include "server/application/batch_rows.hpp"
#include "server/application/doorbell.hpp"
#include "server/domain/caller.hpp"

namespace oberih::application {

enum class CommitOutcome {
  committed,
  head_moved,         // another process wrote: catch up, judge again
  message_id_reused,  // (sender, message_id) exists: rolled back
  failed,             // rolled back for certain
  unknown,            // the connection was lost and the outcome could not be learnt in time
};

struct StoredCheckpoint {
  std::uint64_t size = 0;
  Digest root;
  std::string note;
};

// -- ports
// -----------------------------------------------------------------------------------------

/// The recorder's side. Called by the recorder's thread only; blocking. Environment failures inside
/// append() become outcomes; in the load_ functions they are exceptions (std::runtime_error).
class JournalStore {
 public:
  virtual ~JournalStore() = default;
  virtual JournalHead load_head() = 0;
  /// Leaves from `first_index` to before `end_index`, ascending, that the in-memory view is built
  /// from: the directory's kinds, records, proposals (kind 7), and entries that change who may what
  /// (6 leave, 7 wrap_unusable, 8 consent, and those whose handling code binds) alone. At start-up
  /// 10^7 message leaves are not read.
  virtual void load_structure(std::uint64_t first_index, std::uint64_t end_index,
                              const std::function<void(const JournalRow&)>& take) = 0;
  /// Newest channel_seq and leaf hash of every channel.
  virtual void load_channel_ends(
      const std::function<void(const ChannelId&, std::uint64_t channel_seq, const Digest&)>&
          take) = 0;
  virtual sealing::SenderHead load_sender_head(const ChannelId& channel,
                                               const DeviceId& device) = 0;
  virtual std::optional<Digest> load_leaf_hash(const ChannelId& channel,
                                               std::uint64_t channel_seq) = 0;
  virtual std::optional<Bytes> load_channel_leaf(const ChannelId& channel,
                                                 std::uint64_t channel_seq) = 0;
  virtual std::optional<wire::FoundEntry> load_entry(const DeviceId& sender,
                                                     const MessageId& id) = 0;
  virtual std::optional<sealing::Task> load_task(const ChannelId& channel, const TaskId& task) = 0;
  /// Slots to be looked at by then, the longest due first.
  virtual std::vector<TaskWakeRow> load_due_wakes(Milliseconds now_ms, std::size_t most) = 0;
  virtual std::optional<AskedRow> load_asked(const ChannelId& channel,
                                             std::uint64_t channel_seq) = 0;
  /// Those to be looked at by then, the longest due first.
  virtual std::vector<AskedRow> load_due_asked(Milliseconds now_ms, std::size_t most) = 0;
  virtual std::optional<HearingRow> load_hearing(const ChannelId& channel,
                                                 const HearingId& hearing) = 0;
  /// Those to be looked at by then, the longest due first.
  virtual std::vector<HearingRow> load_due_hearings(Milliseconds now_ms, std::size_t most) = 0;
  /// Those that name somebody who may not be told and are not over, of every channel.
  virtual void load_excluding_hearings(
      const std::function<void(const ChannelId&, const sealing::Hearing&)>& take) = 0;
  /// Of these devices; who has sent none of a step is left out.
  virtual std::vector<ReceiptReach> load_receipt_reach(const ChannelId& channel,
                                                       const std::vector<DeviceId>& devices) = 0;
  /// The leaf that reaches furthest of the device's receipts of this channel and step.
  virtual std::optional<JournalRow> load_newest_receipt(const ChannelId& channel,
                                                        const DeviceId& device,
                                                        sealing::ReceiptStep step) = 0;
  virtual std::optional<Digest> load_checkpoint_root(std::uint64_t size) = 0;
  virtual std::optional<StoredCheckpoint> load_newest_checkpoint() = 0;
  virtual void store_checkpoint(const StoredCheckpoint& checkpoint) = 0;
  /// One transaction, one round trip. Resolves a lost connection by reading the head again.
  virtual CommitOutcome append(const Batch& batch) = 0;
};

/// A proof that somebody wants of the tree of `size` leaves.
struct ProofWish {
  enum class What {
    inclusion,    // of leaf `from`
    consistency,  // with the tree of `from` leaves
  };
  What what{};
  std::uint64_t from = 0;
  std::uint64_t size = 0;
};

/// What an auditor wants to see of the journal.
struct AuditWish {
  sealing::AuditFilter filter;
  std::vector<DeviceId> devices;  // of the person whom the filter names
  std::uint64_t size = 0;         // leaves from there on are none
  std::uint64_t from_index = 0;
  std::uint32_t limit = 0;
  bool count = false;
};

/// The reading side, fair to the origins of what is asked. Calls return at once; `done` runs on a
/// reader thread, exactly once. A full queue answers server_busy, a database failure unavailable.
class JournalReader {
 public:
  virtual ~JournalReader() = default;
  virtual void read_channel(const domain::Origin& origin, const ChannelId& channel,
                            std::uint64_t after_seq, std::uint32_t limit, bool latest,
                            std::function<void(Result<wire::ItemPage>)> done) = 0;
  virtual void read_directory(const domain::Origin& origin, std::uint64_t after_count,
                              std::uint32_t limit,
                              std::function<void(Result<wire::DirectoryPage>)> done) = 0;
  virtual void read_name_cards(const domain::Origin& origin, std::vector<DeviceId> devices,
                               std::function<void(Result<wire::NameCards>)> done) = 0;
  virtual void find_entries(const domain::Origin& origin, const DeviceId& sender,
                            const ChannelId& channel, std::vector<MessageId> ids,
                            std::function<void(Result<wire::FoundEntries>)> done) = 0;
  /// Of each device behind `after_device`, ascending, and each step: the first receipt that reaches
  /// `channel_seq`, or, where that is 0, the newest.
  virtual void read_receipts(const domain::Origin& origin, const ChannelId& channel,
                             std::uint64_t channel_seq, const DeviceId& after_device,
                             std::function<void(Result<wire::ReceiptPage>)> done) = 0;
  /// Alerts of the agency for these units behind `after_index`, ascending.
  virtual void read_alerts(const domain::Origin& origin, const AgencyId& agency,
                           std::vector<UnitId> units, std::uint64_t after_index,
                           std::uint32_t limit,
                           std::function<void(Result<wire::AlertPage>)> done) = 0;
  /// A file of the tree over `tree_size` leaves: they are committed, and the tile exists in it.
  virtual void read_tile(const domain::Origin& origin, std::uint64_t tree_size,
                         const journal::TileAddress& tile,
                         std::function<void(Result<Bytes>)> done) = 0;
  /// A leaf that is committed.
  virtual void read_leaf(const domain::Origin& origin, std::uint64_t index,
                         std::function<void(Result<Bytes>)> done) = 0;
  /// Leaves that fit, ascending; of the page all but `asked`.
  virtual void find_leaves(const domain::Origin& origin, AuditWish wish,
                           std::function<void(Result<wire::AuditPage>)> done) = 0;
  /// In the order of the wishes, all of which lie within trees that are committed.
  virtual void read_proofs(const domain::Origin& origin, std::vector<ProofWish> wishes,
                           std::function<void(Result<std::vector<journal::ProofPath>>)> done) = 0;
};

/// How far auditors can find leaves: what they are found by is made behind the commits.
class AuditIndex {
 public:
  virtual ~AuditIndex() = default;
  /// `done` runs exactly once, on any thread, as soon as all leaves below `size` (committed) can be
  /// found; refuses `unavailable` where that takes too long.
  virtual void reach(std::uint64_t size, std::function<void(Result<void>)> done) = 0;
};

/// A clock for rules and leaves; transcripts have their own.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Milliseconds now_ms() const = 0;
};

/// A clock that never steps, from any beginning: what the wall clock is held against, and what
/// waiting is measured by.
class SteadyClock {
 public:
  virtual ~SteadyClock() = default;
  virtual std::uint64_t elapsed_ms() const = 0;
};

/// The newest signed checkpoint, kept outside the database: a restored old database is found out by
/// it.
class CheckpointArchive {
 public:
  virtual ~CheckpointArchive() = default;
  /// Durable when it returns. Throws std::runtime_error.
  virtual void write(const std::string& note) = 0;
  virtual std::optional<std::string> read() = 0;
};

/// What a commit brought, for the fan-out. Called on the recorder's thread after COMMIT; must not
/// block.
struct CommittedItem {
  ChannelId channel;
  std::uint64_t channel_seq = 0;
  wire::ChannelItem item;
};
struct CommittedBatch {
  std::vector<CommittedItem> items;  // in journal order
  std::vector<ChannelId> changed_rosters;
  /// Channels that another process, or a commit of unknown outcome, moved on: their leaves are not
  /// in `items` and are read by whoever follows them. Rare.
  std::vector<ChannelId> moved_channels;
  bool directory_changed = false;  // revocations: live sessions are looked at again
  std::uint64_t directory_count = 0;
  std::vector<Ring> rings;  // each once
};
class CommitListener {
 public:
  virtual ~CommitListener() = default;
  virtual void on_commit(CommittedBatch batch) = 0;
  virtual void on_checkpoint(const std::string& note) = 0;
};

}  // namespace oberih::application
