// SPDX-License-Identifier: Apache-2.0
#include "server/storage/asked_rows.hpp"

#include <soci/soci.h>

#include <array>

#include "server/storage/database_failure.hpp"
#include "server/storage/sql_text.hpp"

namespace oberih::storage {
namespace {

using application::AskedRow;

constexpr std::string_view asked_sql = R"sql(,
asked AS (
  INSERT INTO asked_entry (channel_id, channel_seq, asked, next_ms, looked_ms)
  SELECT decode(a, 'hex'), b, decode(c, 'hex'), d, e
    FROM head, unnest(cast(:q0 as text[]), cast(:q1 as bigint[]), cast(:q2 as text[]),
         cast(:q3 as bigint[]), cast(:q4 as bigint[])) AS row (a, b, c, d, e)
  ON CONFLICT (channel_id, channel_seq) DO UPDATE
     SET asked = excluded.asked, next_ms = excluded.next_ms, looked_ms = excluded.looked_ms)
)sql";

constexpr std::string_view read_asked_sql =
    "SELECT encode(channel_id, 'hex'), channel_seq, encode(asked, 'hex'), next_ms, looked_ms "
    "FROM asked_entry ";

// One look-up in an index for each device and step, however many receipts there are.
constexpr std::string_view receipt_reach_sql = R"sql(
SELECT asked.device, steps.step, coalesce(
         (SELECT max(channel_seq) FROM receipt
           WHERE channel_id = decode(:channel, 'hex') AND device = decode(asked.device, 'hex')
             AND receipt.step = steps.step), 0)
  FROM unnest(cast(:devices as text[])) AS asked (device)
       CROSS JOIN (VALUES (1), (2)) AS steps (step))sql";

struct StoredAskedRow {
  std::string channel, asked;
  long long channel_seq = 0, next_ms = 0, looked_ms = 0;

  void bind(soci::statement& statement) {
    statement.exchange(soci::into(channel));
    statement.exchange(soci::into(channel_seq));
    statement.exchange(soci::into(asked));
    statement.exchange(soci::into(next_ms));
    statement.exchange(soci::into(looked_ms));
  }
  std::optional<AskedRow> find() const {
    Result<sealing::AskedEntry> parsed = sealing::parse_asked_entry(bytes_from_hex(asked));
    if (!parsed || parsed->channel_seq != from_sql(channel_seq)) return std::nullopt;
    return AskedRow{fixed_from_hex<ChannelId>(channel), std::move(*parsed), from_sql(next_ms),
                    from_sql(looked_ms)};
  }
  AskedRow row() const {
    std::optional<AskedRow> found = find();
    if (!found) throw DatabaseError("A row of the table asked_entry cannot be read.");
    return std::move(*found);
  }
};

}  // namespace

const std::string_view append_asked_sql = asked_sql;

bool AskedColumns::bind(const std::vector<AskedRow>& rows) {
  if (rows.empty()) return false;
  std::array<ArrayLiteral, asked_columns> columns;
  for (const AskedRow& row : rows) {
    columns[0].add(row.channel.view());
    columns[1].add(row.asked.channel_seq);
    columns[2].add(sealing::encode_asked_entry(row.asked));
    columns[3].add(row.next_ms);
    columns[4].add(row.looked_ms);
  }
  for (std::size_t column = 0; column < asked_columns; ++column)
    asked_[column] = columns[column].close();
  return true;
}

std::optional<AskedRow> load_asked(soci::session& sql, const ChannelId& channel,
                                   std::uint64_t channel_seq) {
  const std::string channel_hex = to_hex(channel.view());
  // A client's number may lie beyond bigint: it turns negative, and nothing is found under it.
  const long long seq = static_cast<long long>(channel_seq);
  StoredAskedRow row;
  soci::statement statement(sql);
  row.bind(statement);
  statement.exchange(soci::use(channel_hex));
  statement.exchange(soci::use(seq));
  statement.alloc();
  statement.prepare(std::string(read_asked_sql) +
                    "WHERE channel_id = decode(:channel, 'hex') AND channel_seq = :seq");
  statement.define_and_bind();
  if (!statement.execute(true)) return std::nullopt;
  return row.row();
}

std::vector<AskedRow> load_due_asked(soci::session& sql, Milliseconds now_ms, std::size_t most) {
  const long long now = static_cast<long long>(now_ms), limit = static_cast<long long>(most);
  StoredAskedRow row;
  soci::statement statement(sql);
  row.bind(statement);
  statement.exchange(soci::use(now));
  statement.exchange(soci::use(limit));
  statement.alloc();
  statement.prepare(std::string(read_asked_sql) +
                    "WHERE next_ms > 0 AND next_ms <= :now "
                    "ORDER BY next_ms, channel_id, channel_seq LIMIT :most");
  statement.define_and_bind();
  statement.execute();
  std::vector<AskedRow> due;
  while (statement.fetch()) due.push_back(row.row());
  return due;
}

std::vector<application::ReceiptReach> load_receipt_reach(soci::session& sql,
                                                          const ChannelId& channel,
                                                          const std::vector<DeviceId>& devices) {
  ArrayLiteral wanted;
  for (const DeviceId& device : devices) wanted.add(device.view());
  const std::string channel_hex = to_hex(channel.view()), devices_hex = wanted.close();
  std::string device;
  int step = 0;
  long long seq = 0;
  soci::statement statement =
      (sql.prepare << receipt_reach_sql, soci::use(channel_hex), soci::use(devices_hex),
       soci::into(device), soci::into(step), soci::into(seq));
  statement.execute();
  std::vector<application::ReceiptReach> reach;
  while (statement.fetch())
    if (seq > 0)
      reach.push_back({fixed_from_hex<DeviceId>(device), static_cast<sealing::ReceiptStep>(step),
                       from_sql(seq)});
  return reach;
}

void walk_asked(soci::session& sql, const TakeStoredAsked& take) {
  StoredAskedRow row;
  soci::statement statement(sql);
  row.bind(statement);
  statement.alloc();
  statement.prepare(std::string(read_asked_sql));
  statement.define_and_bind();
  statement.execute();
  while (statement.fetch())
    take(fixed_from_hex<ChannelId>(row.channel), from_sql(row.channel_seq), row.find());
}

std::uint64_t load_asked_begin(soci::session& sql) {
  long long index = 0;
  sql << "SELECT journal_index FROM asked_entry_begin", soci::into(index);
  if (!sql.got_data()) throw DatabaseError("The table asked_entry_begin is empty.");
  return from_sql(index);
}

}  // namespace oberih::storage
