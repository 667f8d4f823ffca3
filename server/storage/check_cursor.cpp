// SPDX-License-Identifier: Apache-2.0
#include "server/storage/check_cursor.hpp"

#include <soci/soci.h>

#include "server/storage/sql_text.hpp"

namespace oberih::storage {
namespace {

// A row weighs at most half a megabyte as hex, usually two thousand bytes.
constexpr int rows_per_fetch = 100;
constexpr int kept_orphans = 20;

// Nested so that every join is a merge along the primary keys; a hash join would hold a table.
constexpr const char* declare_walk = R"sql(
SET LOCAL enable_hashjoin = off; SET LOCAL enable_nestloop = off;
SET LOCAL enable_material = off; SET LOCAL max_parallel_workers_per_gather = 0;
SET LOCAL cursor_tuple_fraction = 0.0001;
DECLARE leaves NO SCROLL CURSOR FOR
SELECT j.journal_index, coalesce(j.kind, -1), coalesce(j.server_ms, 0),
       coalesce(encode(j.channel_id, 'hex'), '') AS channel,
       coalesce(j.channel_seq, 0) AS channel_seq,
       coalesce(encode(j.leaf_hash, 'hex'), '') AS leaf_hash,
       coalesce(encode(j.leaf, 'hex'), '') AS leaf,
       coalesce(encode(e.channel_id, 'hex'), '-') AS entry_channel,
       coalesce(e.channel_seq, 0) AS entry_seq, coalesce(e.type, 0) AS entry_type,
       coalesce(encode(e.sender_device, 'hex'), '') AS sender,
       coalesce(e.sender_seq, 0) AS sender_seq,
       coalesce(e.seen_seq, 0) AS seen_seq, coalesce(e.log_size, 0) AS log_size,
       coalesce(encode(e.message_id, 'hex'), '') AS message_id,
       coalesce(encode(e.message_hash, 'hex'), '') AS message_hash,
       coalesce(encode(c.ciphertext, 'hex'), '-') AS ciphertext,
       coalesce(encode(w.channel_id, 'hex'), '-') AS wraps_channel, coalesce(w.epoch, 0) AS epoch,
       coalesce(encode(w.wraps, 'hex'), '') AS wraps,
       coalesce(encode(w.prev_box, 'hex'), '') AS box,
       coalesce(encode(r.channel_id, 'hex'), '-') AS receipt_channel,
       coalesce(encode(r.device, 'hex'), '') AS receipt_device, coalesce(r.step, 0) AS step,
       coalesce(r.channel_seq, 0) AS receipt_seq,
       coalesce(a.kind, -1) AS audit_kind, coalesce(a.type, 0) AS audit_type,
       coalesce(a.role, 0) AS audit_role, coalesce(a.handling, 0) AS handling,
       coalesce(a.refusal, 0) AS refusal, coalesce(encode(a.device, 'hex'), '') AS audit_device,
       coalesce(encode(a.agency, 'hex'), '') AS agency,
       coalesce(encode(a.channel_id, 'hex'), '') AS audit_channel,
       coalesce(encode(a.task_id, 'hex'), '') AS audit_task,
       coalesce(encode(a.hearing_id, 'hex'), '') AS audit_hearing
  FROM journal j LEFT JOIN entry e ON e.journal_index = j.journal_index
  LEFT JOIN ciphertext c ON c.journal_index = j.journal_index
  LEFT JOIN epoch_wraps w ON w.journal_index = j.journal_index
  LEFT JOIN receipt r ON r.journal_index = j.journal_index
  LEFT JOIN audit_row a ON a.journal_index = j.journal_index
 ORDER BY j.journal_index)sql";

}  // namespace

/// The columns of one row, as SOCI fills them.
class CheckCursor::LeafColumns {
 public:
  void bind(soci::statement& statement) {
    using soci::into;
    statement.exchange(into(index_));
    statement.exchange(into(kind_));
    statement.exchange(into(server_ms_));
    statement.exchange(into(channel_));
    statement.exchange(into(channel_seq_));
    statement.exchange(into(leaf_hash_));
    statement.exchange(into(leaf_));
    statement.exchange(into(entry_channel_));
    statement.exchange(into(entry_seq_));
    statement.exchange(into(entry_type_));
    statement.exchange(into(sender_));
    statement.exchange(into(sender_seq_));
    statement.exchange(into(seen_seq_));
    statement.exchange(into(log_size_));
    statement.exchange(into(message_id_));
    statement.exchange(into(message_hash_));
    statement.exchange(into(ciphertext_));
    statement.exchange(into(wraps_channel_));
    statement.exchange(into(epoch_));
    statement.exchange(into(wraps_));
    statement.exchange(into(prev_box_));
    statement.exchange(into(receipt_channel_));
    statement.exchange(into(receipt_device_));
    statement.exchange(into(receipt_step_));
    statement.exchange(into(receipt_seq_));
    statement.exchange(into(audit_kind_));
    statement.exchange(into(audit_type_));
    statement.exchange(into(audit_role_));
    statement.exchange(into(handling_));
    statement.exchange(into(refusal_));
    statement.exchange(into(audit_device_));
    statement.exchange(into(agency_));
    statement.exchange(into(audit_channel_));
    statement.exchange(into(task_));
    statement.exchange(into(hearing_));
  }

  // Constraints can be dropped: what they would have kept out must not stop the walk.
  StoredLeaf take() const {
    try {
      return take_columns();
    } catch (const DatabaseError&) {
      StoredLeaf row;
      row.index = from_sql(index_);
      row.is_malformed = true;
      return row;
    }
  }

 private:
  StoredLeaf take_columns() const {
    StoredLeaf row;
    row.index = from_sql(index_);
    row.kind = kind_;
    row.server_ms = from_sql(server_ms_);
    row.channel = fixed_from_hex<ChannelId>(channel_);
    row.channel_seq = from_sql(channel_seq_);
    row.leaf_hash = fixed_from_hex<Digest>(leaf_hash_);
    row.leaf = bytes_from_hex(leaf_);
    if (entry_channel_ != "-") row.entry = take_entry();
    if (ciphertext_ != "-") row.ciphertext = bytes_from_hex(ciphertext_);
    if (wraps_channel_ != "-")
      row.wraps = StoredLeaf::Wraps{fixed_from_hex<ChannelId>(wraps_channel_), from_sql(epoch_),
                                    bytes_from_hex(wraps_), bytes_from_hex(prev_box_)};
    if (receipt_channel_ != "-")
      row.receipt = StoredLeaf::Receipt{fixed_from_hex<ChannelId>(receipt_channel_),
                                        fixed_from_hex<DeviceId>(receipt_device_), receipt_step_,
                                        from_sql(receipt_seq_)};
    if (audit_kind_ >= 0) row.audit = take_audit();
    return row;
  }
  StoredAuditRow take_audit() const {
    return {audit_kind_,
            audit_type_,
            audit_role_,
            handling_,
            static_cast<std::uint32_t>(refusal_),
            fixed_or_zero<DeviceId>(audit_device_),
            fixed_or_zero<AgencyId>(agency_),
            fixed_or_zero<ChannelId>(audit_channel_),
            fixed_or_zero<TaskId>(task_),
            fixed_or_zero<HearingId>(hearing_)};
  }
  template <class Id>
  static Id fixed_or_zero(const std::string& hex) {
    return hex.empty() ? Id{} : fixed_from_hex<Id>(hex);
  }
  StoredLeaf::Projection take_entry() const {
    return {fixed_from_hex<ChannelId>(entry_channel_),
            from_sql(entry_seq_),
            entry_type_,
            fixed_from_hex<DeviceId>(sender_),
            from_sql(sender_seq_),
            from_sql(seen_seq_),
            from_sql(log_size_),
            fixed_from_hex<MessageId>(message_id_),
            fixed_from_hex<Digest>(message_hash_)};
  }

  long long index_ = 0, server_ms_ = 0, channel_seq_ = 0, entry_seq_ = 0, sender_seq_ = 0,
            seen_seq_ = 0, log_size_ = 0, epoch_ = 0, receipt_seq_ = 0;
  int kind_ = 0, entry_type_ = 0, receipt_step_ = 0, audit_kind_ = 0, audit_type_ = 0,
      audit_role_ = 0, handling_ = 0, refusal_ = 0;
  std::string channel_, leaf_hash_, leaf_, entry_channel_, sender_, message_id_, message_hash_,
      ciphertext_, wraps_channel_, wraps_, prev_box_, receipt_channel_, receipt_device_,
      audit_device_, agency_, audit_channel_, task_, hearing_;
};

CheckCursor::CheckCursor(DatabaseSession& session) : session_(session) {
  // A large journal takes longer than any time limit that suits a server.
  session_.run_script(
      "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; "
      "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0");
}

CheckCursor::~CheckCursor() {
  try {
    session_.run_script("ROLLBACK");
  } catch (const DatabaseError&) {  // the connection is gone, and its snapshot with it
  }
}

StoredEnds CheckCursor::load_ends() {
  StoredEnds ends;
  try {
    long long size = 0, server_ms = 0, directory_count = 0, rows = 0;
    std::string frontier, directory_leaf;
    session_.sql() << "SELECT count(*), coalesce(max(size), 0), "
                      "coalesce(max(encode(frontier, 'hex')), ''), coalesce(max(server_ms), 0), "
                      "coalesce(max(directory_count), 0), coalesce(max(encode(directory_leaf, "
                      "'hex')), repeat('00', 32)) FROM journal_head",
        soci::into(rows), soci::into(size), soci::into(frontier), soci::into(server_ms),
        soci::into(directory_count), soci::into(directory_leaf);
    if (rows != 1) throw DatabaseError("The table journal_head does not hold exactly one row.");
    ends.head = {from_sql(size), bytes_from_hex(frontier), from_sql(server_ms),
                 from_sql(directory_count), fixed_from_hex<Digest>(directory_leaf)};
    for (const char* table : {"entry", "ciphertext", "epoch_wraps", "receipt", "audit_row"}) {
      long long index = 0;
      soci::statement statement =
          (session_.sql().prepare
               << "SELECT journal_index FROM " << table << " AS beside WHERE NOT EXISTS (SELECT "
               << "FROM journal WHERE journal.journal_index = beside.journal_index) "
               << "ORDER BY journal_index LIMIT " << kept_orphans,
           soci::into(index));
      statement.execute();
      while (statement.fetch()) ends.orphans.emplace_back(table, from_sql(index));
    }
  } catch (const soci::soci_error& error) {
    throw DatabaseError(session_.describe(error).sentence);
  }
  return ends;
}

void CheckCursor::walk_leaves(const std::function<void(const StoredLeaf&)>& take) {
  session_.run_script(declare_walk);
  LeafColumns columns;
  try {
    // Prepared anew for each portion: a portion is worth many round trips.
    for (int fetched = rows_per_fetch; fetched == rows_per_fetch;) {
      soci::statement statement(session_.sql());
      columns.bind(statement);
      statement.alloc();
      statement.prepare("FETCH " + std::to_string(rows_per_fetch) + " FROM leaves");
      statement.define_and_bind();
      statement.execute();
      for (fetched = 0; statement.fetch(); ++fetched) take(columns.take());
    }
  } catch (const soci::soci_error& error) {
    throw DatabaseError(session_.describe(error).sentence);
  }
  session_.run_script("CLOSE leaves");
}

std::vector<application::StoredCheckpoint> CheckCursor::load_checkpoints(std::uint64_t above_size,
                                                                         int limit) {
  std::vector<application::StoredCheckpoint> page;
  try {
    long long above = static_cast<long long>(above_size), size = 0;
    std::string root, note;
    soci::statement statement =
        (session_.sql().prepare << "SELECT size, encode(root, 'hex'), note FROM checkpoint "
                                   "WHERE size > :above ORDER BY size LIMIT :limit",
         soci::use(above), soci::use(limit), soci::into(size), soci::into(root), soci::into(note));
    statement.execute();
    while (statement.fetch()) page.push_back({from_sql(size), fixed_from_hex<Digest>(root), note});
  } catch (const soci::soci_error& error) {
    throw DatabaseError(session_.describe(error).sentence);
  }
  return page;
}

std::optional<Digest> CheckCursor::load_checkpoint_root(std::uint64_t size) {
  try {
    long long wanted = static_cast<long long>(size);
    std::string root;
    session_.sql() << "SELECT encode(root, 'hex') FROM checkpoint WHERE size = :size",
        soci::use(wanted), soci::into(root);
    if (!session_.sql().got_data()) return std::nullopt;
    return fixed_from_hex<Digest>(root);
  } catch (const soci::soci_error& error) {
    throw DatabaseError(session_.describe(error).sentence);
  }
}

std::optional<Bytes> CheckCursor::load_channel_leaf(const ChannelId& channel,
                                                    std::uint64_t channel_seq) {
  try {
    std::string channel_hex = to_hex(channel.view()), leaf;
    long long sequence = static_cast<long long>(channel_seq);
    session_.sql() << "SELECT encode(leaf, 'hex') FROM journal WHERE channel_seq > 0 "
                      "AND channel_id = decode(:channel, 'hex') AND channel_seq = :sequence",
        soci::use(channel_hex), soci::use(sequence), soci::into(leaf);
    if (!session_.sql().got_data()) return std::nullopt;
    return bytes_from_hex(leaf);
  } catch (const soci::soci_error& error) {
    throw DatabaseError(session_.describe(error).sentence);
  }
}

std::optional<Digest> CheckCursor::load_leaf_hash(const ChannelId& channel,
                                                  std::uint64_t channel_seq) {
  try {
    std::string channel_hex = to_hex(channel.view()), leaf_hash;
    long long sequence = static_cast<long long>(channel_seq);
    session_.sql() << "SELECT encode(leaf_hash, 'hex') FROM journal WHERE channel_seq > 0 "
                      "AND channel_id = decode(:channel, 'hex') AND channel_seq = :sequence",
        soci::use(channel_hex), soci::use(sequence), soci::into(leaf_hash);
    if (!session_.sql().got_data()) return std::nullopt;
    return fixed_from_hex<Digest>(leaf_hash);
  } catch (const soci::soci_error& error) {
    throw DatabaseError(session_.describe(error).sentence);
  }
}

}  // namespace oberih::storage
