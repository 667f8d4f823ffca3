// SPDX-License-Identifier: Apache-2.0
#include "server/storage/hearing_rows.hpp"

#include <soci/soci.h>

#include <array>

#include "server/storage/database_failure.hpp"
#include "server/storage/sql_text.hpp"

namespace oberih::storage {
namespace {

using application::HearingRow;

constexpr std::string_view hearings_sql = R"sql(,
hearings AS (
  INSERT INTO hearing (channel_id, hearing_id, hearing, excludes, next_ms, looked_ms)
  SELECT decode(a, 'hex'), decode(b, 'hex'), decode(c, 'hex'), d = 1, e, f
    FROM head, unnest(cast(:h0 as text[]), cast(:h1 as text[]), cast(:h2 as text[]),
         cast(:h3 as smallint[]), cast(:h4 as bigint[]), cast(:h5 as bigint[]))
         AS row (a, b, c, d, e, f)
  ON CONFLICT (channel_id, hearing_id) DO UPDATE
     SET hearing = excluded.hearing, excludes = excluded.excludes, next_ms = excluded.next_ms,
         looked_ms = excluded.looked_ms)
)sql";

constexpr std::string_view read_hearing_sql =
    "SELECT encode(channel_id, 'hex'), encode(hearing_id, 'hex'), encode(hearing, 'hex'), "
    "cast(excludes as int), next_ms, looked_ms FROM hearing ";

struct StoredHearingRow {
  std::string channel, id, hearing;
  int excludes = 0;
  long long next_ms = 0, looked_ms = 0;

  void bind(soci::statement& statement) {
    statement.exchange(soci::into(channel));
    statement.exchange(soci::into(id));
    statement.exchange(soci::into(hearing));
    statement.exchange(soci::into(excludes));
    statement.exchange(soci::into(next_ms));
    statement.exchange(soci::into(looked_ms));
  }
  HearingId hearing_id() const { return fixed_from_hex<HearingId>(id); }
  std::optional<HearingRow> find() const {
    Result<sealing::Hearing> parsed = sealing::parse_hearing(bytes_from_hex(hearing));
    if (!parsed || parsed->id != hearing_id()) return std::nullopt;
    return HearingRow{fixed_from_hex<ChannelId>(channel),
                      std::make_shared<const sealing::Hearing>(std::move(*parsed)),
                      from_sql(next_ms), from_sql(looked_ms)};
  }
  HearingRow row() const {
    std::optional<HearingRow> found = find();
    if (!found) throw DatabaseError("A row of the table hearing cannot be read.");
    return std::move(*found);
  }
};

std::vector<HearingRow> fetch_hearings(soci::statement& statement, const StoredHearingRow& row) {
  statement.define_and_bind();
  statement.execute();
  std::vector<HearingRow> found;
  while (statement.fetch()) found.push_back(row.row());
  return found;
}

}  // namespace

const std::string_view append_hearings_sql = hearings_sql;

bool excludes_somebody(const sealing::Hearing& hearing) {
  return !hearing.notice.may_not_be_told.empty() && sealing::is_open(hearing.state);
}

bool HearingColumns::bind(const std::vector<HearingRow>& rows) {
  if (rows.empty()) return false;
  std::array<ArrayLiteral, hearing_columns> columns;
  for (const HearingRow& row : rows) {
    columns[0].add(row.channel.view());
    columns[1].add(row.hearing->id.view());
    columns[2].add(sealing::encode_hearing(*row.hearing));
    columns[3].add(std::uint64_t{excludes_somebody(*row.hearing)});
    columns[4].add(row.next_ms);
    columns[5].add(row.looked_ms);
  }
  for (std::size_t column = 0; column < hearing_columns; ++column)
    hearings_[column] = columns[column].close();
  return true;
}

std::optional<HearingRow> load_hearing(soci::session& sql, const ChannelId& channel,
                                       const HearingId& hearing) {
  const std::string channel_hex = to_hex(channel.view()), hearing_hex = to_hex(hearing.view());
  StoredHearingRow row;
  soci::statement statement(sql);
  row.bind(statement);
  statement.exchange(soci::use(channel_hex));
  statement.exchange(soci::use(hearing_hex));
  statement.alloc();
  statement.prepare(
      std::string(read_hearing_sql) +
      "WHERE channel_id = decode(:channel, 'hex') AND hearing_id = decode(:hearing, 'hex')");
  statement.define_and_bind();
  if (!statement.execute(true)) return std::nullopt;
  return row.row();
}

std::vector<HearingRow> load_due_hearings(soci::session& sql, Milliseconds now_ms,
                                          std::size_t most) {
  const long long now = static_cast<long long>(now_ms), limit = static_cast<long long>(most);
  StoredHearingRow row;
  soci::statement statement(sql);
  row.bind(statement);
  statement.exchange(soci::use(now));
  statement.exchange(soci::use(limit));
  statement.alloc();
  statement.prepare(std::string(read_hearing_sql) +
                    "WHERE next_ms > 0 AND next_ms <= :now "
                    "ORDER BY next_ms, channel_id, hearing_id LIMIT :most");
  return fetch_hearings(statement, row);
}

std::vector<HearingRow> load_excluding_hearings(soci::session& sql) {
  StoredHearingRow row;
  soci::statement statement(sql);
  row.bind(statement);
  statement.alloc();
  statement.prepare(std::string(read_hearing_sql) + "WHERE excludes");
  return fetch_hearings(statement, row);
}

void walk_hearings(soci::session& sql, const TakeStoredHearing& take) {
  StoredHearingRow row;
  soci::statement statement(sql);
  row.bind(statement);
  statement.alloc();
  statement.prepare(std::string(read_hearing_sql));
  statement.define_and_bind();
  statement.execute();
  while (statement.fetch())
    take({fixed_from_hex<ChannelId>(row.channel), row.hearing_id(), row.find(), row.excludes == 1});
}

}  // namespace oberih::storage
