// SPDX-License-Identifier: Apache-2.0
#include "server/storage/journal_store.hpp"

#include <soci/soci.h>

#include "server/storage/append_statement.hpp"
#include "server/storage/migrations.hpp"
#include "server/storage/sql_text.hpp"

namespace oberih::storage {
namespace {

using application::JournalHead;
using application::JournalRow;
using application::StoredCheckpoint;

// A leaf has at most 64 KiB: a page stays far below what memory can hold.
constexpr int structure_page_rows = 256;

// A client's number may lie beyond bigint: it turns negative, and nothing is found under it.

}  // namespace

PostgresJournalStore::PostgresJournalStore(const DatabaseSettings& settings, ReportFailure report)
    : report_(std::move(report)), session_(settings, DatabaseRole::writer) {
  warnings_ = require_safe_settings(session_);
  require_schema(session_);
}

PostgresJournalStore::~PostgresJournalStore() = default;

JournalHead PostgresJournalStore::load_head() {
  return session_.read([&] {
    long long size = 0, server_ms = 0, directory_count = 0;
    std::string frontier, directory_leaf;
    session_.sql() << "SELECT size, encode(frontier, 'hex'), server_ms, directory_count, "
                      "encode(directory_leaf, 'hex') FROM journal_head",
        soci::into(size), soci::into(frontier), soci::into(server_ms), soci::into(directory_count),
        soci::into(directory_leaf);
    if (!session_.sql().got_data()) throw DatabaseError("The table journal_head is empty.");
    return JournalHead{from_sql(size), bytes_from_hex(frontier), from_sql(server_ms),
                       from_sql(directory_count), fixed_from_hex<Digest>(directory_leaf)};
  });
}

void PostgresJournalStore::load_structure(std::uint64_t first_index, std::uint64_t end_index,
                                          const std::function<void(const JournalRow&)>& take) {
  // Page by page, so that a lost connection repeats a page and never what was already taken.
  while (first_index < end_index) {
    auto page = session_.read([&] { return load_structure_page(first_index, end_index); });
    for (const JournalRow& row : page) take(row);
    if (page.size() < static_cast<std::size_t>(structure_page_rows)) return;
    first_index = page.back().index + 1;
  }
}

std::vector<JournalRow> PostgresJournalStore::load_structure_page(std::uint64_t first_index,
                                                                  std::uint64_t end_index) {
  long long first = to_sql(first_index), end = to_sql(end_index);
  long long index = 0, server_ms = 0, channel_seq = 0;
  int kind = 0;
  std::string channel, leaf_hash, leaf;
  soci::statement statement =
      (session_.sql().prepare
           << "SELECT journal_index, kind, server_ms, encode(channel_id, 'hex'), channel_seq, "
              "encode(leaf_hash, 'hex'), encode(leaf, 'hex') FROM ("
              "  SELECT * FROM journal WHERE kind IN (0, 1, 2, 3, 4, 14, 15)"
              "     AND journal_index >= :first AND journal_index < :end"
              "  UNION ALL "
              "  SELECT journal.* FROM entry JOIN journal USING (journal_index) WHERE type = 6"
              "     AND journal_index >= :first2 AND journal_index < :end2"
              "  UNION ALL "
              "  SELECT journal.* FROM entry JOIN journal USING (journal_index) WHERE type = 7"
              "     AND journal_index >= :first3 AND journal_index < :end3"
              "  UNION ALL "
              "  SELECT * FROM journal WHERE kind = 7"
              "     AND journal_index >= :first4 AND journal_index < :end4"
              "  UNION ALL "
              "  SELECT journal.* FROM entry JOIN journal USING (journal_index) WHERE type = 8"
              "     AND journal_index >= :first5 AND journal_index < :end5"
              "  UNION ALL "
              "  SELECT * FROM journal WHERE binds_readers(kind, leaf)"
              "     AND journal_index >= :first6 AND journal_index < :end6) AS structure "
              "ORDER BY journal_index LIMIT " +
                  std::to_string(structure_page_rows),
       soci::use(first), soci::use(end), soci::use(first), soci::use(end), soci::use(first),
       soci::use(end), soci::use(first), soci::use(end), soci::use(first), soci::use(end),
       soci::use(first), soci::use(end), soci::into(index), soci::into(kind), soci::into(server_ms),
       soci::into(channel), soci::into(channel_seq), soci::into(leaf_hash), soci::into(leaf));
  statement.execute();
  std::vector<JournalRow> page;
  while (statement.fetch()) {
    std::optional<journal::LeafKind> known = journal::leaf_kind_of(static_cast<std::uint8_t>(kind));
    if (!known) throw DatabaseError("The journal has a leaf of an unknown kind.");
    page.push_back({from_sql(index), *known, from_sql(server_ms),
                    fixed_from_hex<ChannelId>(channel), from_sql(channel_seq),
                    fixed_from_hex<Digest>(leaf_hash), bytes_from_hex(leaf)});
  }
  return page;
}

void PostgresJournalStore::load_channel_ends(
    const std::function<void(const ChannelId&, std::uint64_t, const Digest&)>& take) {
  struct End {
    ChannelId channel;
    std::uint64_t channel_seq;
    Digest leaf_hash;
  };
  // One index look-up per channel, however many leaves it has.
  auto ends = session_.read([&] {
    std::string channel, leaf_hash;
    long long channel_seq = 0;
    soci::statement statement =
        (session_.sql().prepare
             << "SELECT encode(created.channel_id, 'hex'), newest.channel_seq, "
                "encode(newest.leaf_hash, 'hex') "
                "FROM (SELECT channel_id FROM journal WHERE kind = 4 AND channel_seq = 1) AS "
                "created, "
                "LATERAL (SELECT channel_seq, leaf_hash FROM journal WHERE channel_seq > 0 "
                "AND channel_id = created.channel_id ORDER BY channel_seq DESC LIMIT 1) AS newest",
         soci::into(channel), soci::into(channel_seq), soci::into(leaf_hash));
    statement.execute();
    std::vector<End> all;
    while (statement.fetch())
      all.push_back({fixed_from_hex<ChannelId>(channel), from_sql(channel_seq),
                     fixed_from_hex<Digest>(leaf_hash)});
    return all;
  });
  for (const End& end : ends) take(end.channel, end.channel_seq, end.leaf_hash);
}

sealing::SenderHead PostgresJournalStore::load_sender_head(const ChannelId& channel,
                                                           const DeviceId& device) {
  std::string channel_hex = to_hex(channel.view()), device_hex = to_hex(device.view());
  return session_.read([&] {
    long long sender_seq = 0, seen_seq = 0, log_size = 0;
    std::string message_hash;
    session_.sql()
        << "SELECT sender_seq, encode(message_hash, 'hex'), seen_seq, log_size FROM entry "
           "WHERE channel_id = decode(:channel, 'hex') "
           "AND sender_device = decode(:device, 'hex') ORDER BY sender_seq DESC LIMIT 1",
        soci::use(channel_hex), soci::use(device_hex), soci::into(sender_seq),
        soci::into(message_hash), soci::into(seen_seq), soci::into(log_size);
    if (!session_.sql().got_data()) return sealing::SenderHead{};
    return sealing::SenderHead{from_sql(sender_seq), fixed_from_hex<Digest>(message_hash),
                               from_sql(seen_seq), from_sql(log_size)};
  });
}

std::optional<Digest> PostgresJournalStore::load_leaf_hash(const ChannelId& channel,
                                                           std::uint64_t channel_seq) {
  if (channel_seq == 0) return std::nullopt;
  std::string channel_hex = to_hex(channel.view());
  long long sequence = to_sql(channel_seq);
  return session_.read([&]() -> std::optional<Digest> {
    std::string leaf_hash;
    session_.sql() << "SELECT encode(leaf_hash, 'hex') FROM journal WHERE channel_seq > 0 "
                      "AND channel_id = decode(:channel, 'hex') AND channel_seq = :sequence",
        soci::use(channel_hex), soci::use(sequence), soci::into(leaf_hash);
    if (!session_.sql().got_data()) return std::nullopt;
    return fixed_from_hex<Digest>(leaf_hash);
  });
}

std::optional<Bytes> PostgresJournalStore::load_channel_leaf(const ChannelId& channel,
                                                             std::uint64_t channel_seq) {
  std::string channel_hex = to_hex(channel.view());
  long long sequence = to_sql(channel_seq);
  return session_.read([&]() -> std::optional<Bytes> {
    std::string leaf;
    session_.sql() << "SELECT encode(leaf, 'hex') FROM journal WHERE channel_seq > 0 "
                      "AND channel_id = decode(:channel, 'hex') AND channel_seq = :sequence",
        soci::use(channel_hex), soci::use(sequence), soci::into(leaf);
    if (!session_.sql().got_data()) return std::nullopt;
    return bytes_from_hex(leaf);
  });
}

std::optional<wire::FoundEntry> PostgresJournalStore::load_entry(const DeviceId& sender,
                                                                 const MessageId& id) {
  std::string sender_hex = to_hex(sender.view()), id_hex = to_hex(id.view());
  return session_.read([&]() -> std::optional<wire::FoundEntry> {
    std::string message_hash, leaf_hash;
    long long index = 0, channel_seq = 0, server_ms = 0;
    session_.sql() << "SELECT encode(message_hash, 'hex'), journal_index, journal.channel_seq, "
                      "encode(leaf_hash, 'hex'), server_ms FROM entry JOIN journal "
                      "USING (journal_index) WHERE sender_device = decode(:sender, 'hex') "
                      "AND message_id = decode(:id, 'hex')",
        soci::use(sender_hex), soci::use(id_hex), soci::into(message_hash), soci::into(index),
        soci::into(channel_seq), soci::into(leaf_hash), soci::into(server_ms);
    if (!session_.sql().got_data()) return std::nullopt;
    return wire::FoundEntry{id,
                            fixed_from_hex<Digest>(message_hash),
                            {from_sql(index), from_sql(channel_seq),
                             fixed_from_hex<Digest>(leaf_hash), from_sql(server_ms)}};
  });
}

std::optional<JournalRow> PostgresJournalStore::load_newest_receipt(const ChannelId& channel,
                                                                    const DeviceId& device,
                                                                    sealing::ReceiptStep step) {
  std::string channel_hex = to_hex(channel.view()), device_hex = to_hex(device.view());
  int step_number = static_cast<int>(step);
  return session_.read([&]() -> std::optional<JournalRow> {
    long long index = 0, server_ms = 0;
    std::string leaf_hash, leaf;
    session_.sql() << "SELECT journal_index, server_ms, encode(leaf_hash, 'hex'), "
                      "encode(leaf, 'hex') FROM journal WHERE journal_index = "
                      "(SELECT journal_index FROM receipt WHERE channel_id = "
                      "decode(:channel, 'hex') AND device = decode(:device, 'hex') "
                      "AND step = :step ORDER BY channel_seq DESC LIMIT 1)",
        soci::use(channel_hex), soci::use(device_hex), soci::use(step_number), soci::into(index),
        soci::into(server_ms), soci::into(leaf_hash), soci::into(leaf);
    if (!session_.sql().got_data()) return std::nullopt;
    return JournalRow{from_sql(index),
                      journal::LeafKind::access,
                      from_sql(server_ms),
                      channel,
                      0,
                      fixed_from_hex<Digest>(leaf_hash),
                      bytes_from_hex(leaf)};
  });
}

std::optional<Digest> PostgresJournalStore::load_checkpoint_root(std::uint64_t size) {
  long long wanted = to_sql(size);
  return session_.read([&]() -> std::optional<Digest> {
    std::string root;
    session_.sql() << "SELECT encode(root, 'hex') FROM checkpoint WHERE size = :size",
        soci::use(wanted), soci::into(root);
    if (!session_.sql().got_data()) return std::nullopt;
    return fixed_from_hex<Digest>(root);
  });
}

std::optional<StoredCheckpoint> PostgresJournalStore::load_newest_checkpoint() {
  return session_.read([&]() -> std::optional<StoredCheckpoint> {
    long long size = 0;
    std::string root, note;
    session_.sql() << "SELECT size, encode(root, 'hex'), note FROM checkpoint "
                      "ORDER BY size DESC LIMIT 1",
        soci::into(size), soci::into(root), soci::into(note);
    if (!session_.sql().got_data()) return std::nullopt;
    return StoredCheckpoint{from_sql(size), fixed_from_hex<Digest>(root), std::move(note)};
  });
}

void PostgresJournalStore::store_checkpoint(const StoredCheckpoint& checkpoint) {
  long long size = to_sql(checkpoint.size);
  std::string root = to_hex(checkpoint.root.view());
  // Posts wait meanwhile, so it is one round trip: the stored root is the new one, or an older one.
  const std::string stored = session_.read([&] {
    std::string found;
    session_.sql() << "WITH fresh AS (INSERT INTO checkpoint (size, root, note) VALUES (:size, "
                      "decode(:root, 'hex'), :note) ON CONFLICT (size) DO NOTHING RETURNING root) "
                      "SELECT encode(root, 'hex') FROM (SELECT root FROM fresh UNION ALL "
                      "SELECT root FROM checkpoint WHERE size = :size2) AS stored",
        soci::use(size), soci::use(root), soci::use(checkpoint.note), soci::use(size),
        soci::into(found);
    return found;
  });
  // Nothing where another writer's insertion became visible in between: then it is asked for anew.
  if (stored != root && load_checkpoint_root(checkpoint.size) != checkpoint.root)
    throw DatabaseError("A checkpoint of another root is stored for size " +
                        std::to_string(checkpoint.size) + ".");
}

}  // namespace oberih::storage
