// SPDX-License-Identifier: Apache-2.0
#include "server/storage/append_statement.hpp"

#include <soci/soci.h>

#include <array>
#include <map>

namespace oberih::storage {

using application::Batch;

namespace {

// Under READ COMMITTED a second writer waits for the head's row, sees the new size when it gets it,
// and updates nothing: then `head` is empty and every INSERT joins with nothing.
//
// Few batches have wraps, names, receipts or tasks, and to open each of these tables for nothing is
// a good part of what a lone post costs: what a batch has none of is left out.
constexpr std::string_view posts_sql = R"sql(
WITH head AS (
  UPDATE journal_head SET size = :size, frontier = decode(:frontier, 'hex'), server_ms = :ms,
         directory_count = :count, directory_leaf = decode(:directory_leaf, 'hex')
   WHERE size = :expected_size RETURNING size),
leaves AS (
  INSERT INTO journal (journal_index, kind, server_ms, channel_id, channel_seq, leaf_hash, leaf)
  SELECT a, b, c, decode(d, 'hex'), e, decode(f, 'hex'), decode(g, 'hex')
    FROM head, unnest(cast(:l0 as bigint[]), cast(:l1 as smallint[]), cast(:l2 as bigint[]),
         cast(:l3 as text[]), cast(:l4 as bigint[]), cast(:l5 as text[]), cast(:l6 as text[]))
         AS row (a, b, c, d, e, f, g)),
entries AS (
  INSERT INTO entry (journal_index, channel_id, channel_seq, type, sender_device, sender_seq,
                     seen_seq, log_size, message_id, message_hash)
  SELECT a, decode(b, 'hex'), c, d, decode(e, 'hex'), f, g, h, decode(i, 'hex'), decode(j, 'hex')
    FROM head, unnest(cast(:e0 as bigint[]), cast(:e1 as text[]), cast(:e2 as bigint[]),
         cast(:e3 as smallint[]), cast(:e4 as text[]), cast(:e5 as bigint[]), cast(:e6 as bigint[]),
         cast(:e7 as bigint[]), cast(:e8 as text[]), cast(:e9 as text[]))
         AS row (a, b, c, d, e, f, g, h, i, j)),
bodies AS (
  INSERT INTO ciphertext (journal_index, ciphertext)
  SELECT a, decode(b, 'hex')
    FROM head, unnest(cast(:b0 as bigint[]), cast(:b1 as text[])) AS row (a, b))
)sql";
constexpr std::string_view epochs_sql = R"sql(,
epochs AS (
  INSERT INTO epoch_wraps (journal_index, channel_id, epoch, wraps, prev_box)
  SELECT a, decode(b, 'hex'), c, decode(d, 'hex'), decode(e, 'hex')
    FROM head, unnest(cast(:w0 as bigint[]), cast(:w1 as text[]), cast(:w2 as bigint[]),
         cast(:w3 as text[]), cast(:w4 as text[])) AS row (a, b, c, d, e))
)sql";
constexpr std::string_view cards_sql = R"sql(,
cards AS (
  INSERT INTO name_card (device, salt, name, languages)
  SELECT decode(a, 'hex'), decode(b, 'hex'), convert_from(decode(c, 'hex'), 'UTF8'),
         convert_from(decode(d, 'hex'), 'UTF8')
    FROM head, unnest(cast(:n0 as text[]), cast(:n1 as text[]), cast(:n2 as text[]),
         cast(:n3 as text[])) AS row (a, b, c, d)
  ON CONFLICT (device) DO UPDATE
     SET salt = excluded.salt, name = excluded.name, languages = excluded.languages)
)sql";
constexpr std::string_view receipts_sql = R"sql(,
receipts AS (
  INSERT INTO receipt (journal_index, channel_id, device, step, channel_seq)
  SELECT a, decode(b, 'hex'), decode(c, 'hex'), d, e
    FROM head, unnest(cast(:r0 as bigint[]), cast(:r1 as text[]), cast(:r2 as text[]),
         cast(:r3 as smallint[]), cast(:r4 as bigint[])) AS row (a, b, c, d, e))
)sql";
constexpr std::string_view moved_sql = "SELECT count(*) FROM head";

template <std::size_t N>
void close_into(std::array<ArrayLiteral, N>& arrays, std::vector<std::string>& columns) {
  for (std::size_t column = 0; column < N; ++column) columns[column] = arrays[column].close();
}

}  // namespace

AppendStatement::AppendStatement(std::shared_ptr<soci::session> connection)
    : optional_rows_{{
          {epochs_sql,
           {&epochs_},
           [this](const Batch& batch) { return bind_epochs(batch.epochs); }},
          {cards_sql,
           {&cards_},
           [this](const Batch& batch) { return bind_name_cards(batch.name_cards); }},
          {receipts_sql,
           {&receipts_},
           [this](const Batch& batch) { return bind_receipts(batch.receipts); }},
          {append_tasks_sql,
           {&task_columns_.tasks(), &task_columns_.slots()},
           [this](const Batch& batch) { return task_columns_.bind(batch.tasks); }},
          {append_wakes_sql,
           {&wake_columns_.wakes()},
           [this](const Batch& batch) { return wake_columns_.bind(batch.wakes); }},
          {append_alerts_sql,
           {&alert_columns_.alerts()},
           [this](const Batch& batch) { return alert_columns_.bind(batch.alerts); }},
          {append_asked_sql,
           {&asked_columns_.asked()},
           [this](const Batch& batch) { return asked_columns_.bind(batch.asked); }},
          {append_hearings_sql,
           {&hearing_columns_.hearings()},
           [this](const Batch& batch) { return hearing_columns_.bind(batch.hearings); }},
      }},
      connection_(std::move(connection)) {}

AppendStatement::~AppendStatement() = default;

std::unique_ptr<soci::statement> AppendStatement::prepare(const Present& present) {
  auto statement = std::make_unique<soci::statement>(*connection_);
  statement->exchange(soci::use(size_));
  statement->exchange(soci::use(frontier_));
  statement->exchange(soci::use(server_ms_));
  statement->exchange(soci::use(directory_count_));
  statement->exchange(soci::use(directory_leaf_));
  statement->exchange(soci::use(expected_size_));
  std::vector<std::vector<std::string>*> arrays{&leaves_, &entries_, &bodies_};
  std::string sql(posts_sql);
  for (std::size_t kind = 0; kind < optional_rows_.size(); ++kind) {
    if (!present[kind]) continue;
    const OptionalRows& rows = optional_rows_[kind];
    arrays.insert(arrays.end(), rows.arrays.begin(), rows.arrays.end());
    sql += rows.sql;
  }
  for (auto* columns : arrays)
    for (std::string& column : *columns) statement->exchange(soci::use(column));
  statement->exchange(soci::into(moved_));
  statement->alloc();
  statement->prepare(sql.append(moved_sql));
  statement->define_and_bind();
  return statement;
}

bool AppendStatement::execute(const Batch& batch) {
  bind_head(batch);
  bind_leaves(batch.rows);
  bind_entries(batch.entries);
  Present present;
  for (std::size_t kind = 0; kind < optional_rows_.size(); ++kind)
    present[kind] = optional_rows_[kind].bind(batch);
  std::unique_ptr<soci::statement>& statement = statements_[present.to_ulong()];
  if (!statement) statement = prepare(present);
  moved_ = 0;
  statement->execute(true);
  return moved_ == 1;
}

void AppendStatement::bind_head(const Batch& batch) {
  expected_size_ = static_cast<long long>(batch.expected_size);
  size_ = static_cast<long long>(batch.head.size);
  server_ms_ = static_cast<long long>(batch.head.server_ms);
  directory_count_ = static_cast<long long>(batch.head.directory_count);
  frontier_ = to_hex(batch.head.frontier);
  directory_leaf_ = to_hex(batch.head.directory_leaf.view());
}

void AppendStatement::bind_leaves(const std::vector<application::JournalRow>& rows) {
  std::array<ArrayLiteral, leaf_columns> columns;
  for (const application::JournalRow& row : rows) {
    columns[0].add(row.index);
    columns[1].add(static_cast<std::uint64_t>(row.kind));
    columns[2].add(row.server_ms);
    columns[3].add(row.channel.view());
    columns[4].add(row.channel_seq);
    columns[5].add(row.leaf_hash.view());
    columns[6].add(row.leaf);
  }
  close_into(columns, leaves_);
}

void AppendStatement::bind_entries(const std::vector<application::EntryRow>& entries) {
  std::array<ArrayLiteral, entry_columns> columns;
  std::array<ArrayLiteral, body_columns> bodies;
  for (const application::EntryRow& row : entries) {
    columns[0].add(row.index);
    columns[1].add(row.channel.view());
    columns[2].add(row.channel_seq);
    columns[3].add(static_cast<std::uint64_t>(row.type));
    columns[4].add(row.sender.view());
    columns[5].add(row.sender_seq);
    columns[6].add(row.seen_seq);
    columns[7].add(row.log_size);
    columns[8].add(row.message_id.view());
    columns[9].add(row.message_hash.view());
    if (row.ciphertext.empty()) continue;
    bodies[0].add(row.index);
    bodies[1].add(row.ciphertext);
  }
  close_into(columns, entries_);
  close_into(bodies, bodies_);
}

bool AppendStatement::bind_epochs(const std::vector<application::EpochRow>& epochs) {
  if (epochs.empty()) return false;
  std::array<ArrayLiteral, epoch_columns> columns;
  for (const application::EpochRow& row : epochs) {
    columns[0].add(row.index);
    columns[1].add(row.channel.view());
    columns[2].add(row.epoch);
    columns[3].add(row.wraps);
    columns[4].add(row.prev_box);
  }
  close_into(columns, epochs_);
  return true;
}

bool AppendStatement::bind_receipts(const std::vector<application::ReceiptRow>& receipts) {
  if (receipts.empty()) return false;
  std::array<ArrayLiteral, receipt_columns> columns;
  for (const application::ReceiptRow& row : receipts) {
    columns[0].add(row.index);
    columns[1].add(row.channel.view());
    columns[2].add(row.device.view());
    columns[3].add(static_cast<std::uint64_t>(row.step));
    columns[4].add(row.channel_seq);
  }
  close_into(columns, receipts_);
  return true;
}

bool AppendStatement::bind_name_cards(const std::vector<sealing::NameCard>& cards) {
  if (cards.empty()) return false;
  // ON CONFLICT refuses to touch a row twice in one statement: the last card of a device counts.
  std::map<DeviceId, const sealing::NameCard*> last_of;
  for (const sealing::NameCard& card : cards) last_of[card.device] = &card;
  std::array<ArrayLiteral, card_columns> columns;
  for (const auto& [device, card] : last_of) {
    columns[0].add(device.view());
    columns[1].add(card->salt.view());
    columns[2].add(as_bytes(card->name));
    columns[3].add(as_bytes(card->languages));
  }
  close_into(columns, cards_);
  return true;
}

}  // namespace oberih::storage
