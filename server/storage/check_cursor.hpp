// SPDX-License-Identifier: Apache-2.0
// Everything that is stored for each leaf, in index order, in one snapshot and in bounded memory.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "server/application/ports.hpp"
#include "server/application/witness_ports.hpp"
#include "server/storage/alert_rows.hpp"
#include "server/storage/asked_rows.hpp"
#include "server/storage/audit_rows.hpp"
#include "server/storage/database_session.hpp"
#include "server/storage/hearing_rows.hpp"
#include "server/storage/task_projection.hpp"
#include "server/storage/task_wakes.hpp"

namespace oberih::storage {

/// A row of the journal as it stands, nothing believed: even the kind is a number.
struct StoredLeaf {
  std::uint64_t index = 0;
  int kind = 0;
  std::uint64_t server_ms = 0;
  ChannelId channel;
  std::uint64_t channel_seq = 0;
  Digest leaf_hash;
  Bytes leaf;
  bool is_malformed = false;  // a column has a wrong length; nothing but the index is set

  struct Projection {
    ChannelId channel;
    std::uint64_t channel_seq = 0;
    int type = 0;
    DeviceId sender;
    std::uint64_t sender_seq = 0, seen_seq = 0, log_size = 0;
    MessageId message_id;
    Digest message_hash;
  };
  struct Wraps {
    ChannelId channel;
    std::uint64_t epoch = 0;
    Bytes wraps, prev_box;
  };
  std::optional<Projection> entry;
  std::optional<Bytes> ciphertext;
  std::optional<Wraps> wraps;
  struct Receipt {
    ChannelId channel;
    DeviceId device;
    int step = 0;
    std::uint64_t channel_seq = 0;
  };
  std::optional<Receipt> receipt;
  std::optional<StoredAuditRow> audit;
};

using TakeStoredCosignature =
    std::function<void(const application::StoredCosignature&, const std::string& note)>;

/// What lies outside of the walk over the leaves.
struct StoredEnds {
  application::JournalHead head;
  std::vector<std::pair<std::string, std::uint64_t>>
      orphans;  // table, index without its leaf; some
};

class CheckCursor {
 public:
  /// Begins a read-only snapshot. Throws DatabaseError, as do all below.
  explicit CheckCursor(DatabaseSession& session);
  ~CheckCursor();
  CheckCursor(const CheckCursor&) = delete;
  CheckCursor& operator=(const CheckCursor&) = delete;

  StoredEnds load_ends();
  void walk_leaves(const std::function<void(const StoredLeaf&)>& take);
  /// The next `limit` checkpoints above a size.
  std::vector<application::StoredCheckpoint> load_checkpoints(std::uint64_t above_size, int limit);
  std::optional<Digest> load_checkpoint_root(std::uint64_t size);
  std::optional<std::string> load_checkpoint_note(std::uint64_t size);
  /// Every stored cosignature with the note that it is of, ascending by size.
  void walk_cosignatures(const TakeStoredCosignature& take);
  std::optional<Bytes> load_channel_leaf(const ChannelId& channel, std::uint64_t channel_seq);
  std::optional<Digest> load_leaf_hash(const ChannelId& channel, std::uint64_t channel_seq);
  void walk_tasks(const TakeStoredTask& take);
  void walk_wakes(const TakeStoredWake& take);
  void walk_alerts(const TakeStoredAlert& take);
  void walk_asked(const TakeStoredAsked& take);
  std::uint64_t load_asked_begin();
  void walk_hearings(const TakeStoredHearing& take);
  void walk_name_cards(const std::function<void(const sealing::NameCard&)>& take);

 private:
  class LeafColumns;

  DatabaseSession& session_;
};

}  // namespace oberih::storage
