// SPDX-License-Identifier: Apache-2.0
#include "server/storage/task_wakes.hpp"

#include <soci/soci.h>

#include <array>

#include "server/storage/sql_text.hpp"

namespace oberih::storage {
namespace {

using application::TaskWakeRow;

constexpr std::string_view wakes_sql = R"sql(,
wakes AS (
  INSERT INTO task_wake (channel_id, task_id, slot, due_ms, next_ms, said_ms)
  SELECT decode(a, 'hex'), decode(b, 'hex'), c, d, e, f
    FROM head, unnest(cast(:k0 as text[]), cast(:k1 as text[]), cast(:k2 as smallint[]),
         cast(:k3 as bigint[]), cast(:k4 as bigint[]), cast(:k5 as bigint[]))
         AS row (a, b, c, d, e, f)
  ON CONFLICT (channel_id, task_id, slot) DO UPDATE
     SET due_ms = excluded.due_ms, next_ms = excluded.next_ms,
         said_ms = CASE WHEN excluded.said_ms = 0 THEN task_wake.said_ms
                        ELSE excluded.said_ms END)
)sql";

constexpr std::string_view read_wakes_sql =
    "SELECT encode(channel_id, 'hex'), encode(task_id, 'hex'), slot, due_ms, next_ms, said_ms "
    "FROM task_wake ";

struct Row {
  std::string channel, task;
  int slot = 0;
  long long due_ms = 0, next_ms = 0, said_ms = 0;

  void bind(soci::statement& statement) {
    statement.exchange(soci::into(channel));
    statement.exchange(soci::into(task));
    statement.exchange(soci::into(slot));
    statement.exchange(soci::into(due_ms));
    statement.exchange(soci::into(next_ms));
    statement.exchange(soci::into(said_ms));
  }
  TaskWakeRow wake() const {
    return {fixed_from_hex<ChannelId>(channel),
            fixed_from_hex<TaskId>(task),
            static_cast<std::uint16_t>(slot),
            from_sql(due_ms),
            from_sql(next_ms),
            from_sql(said_ms)};
  }
};

}  // namespace

const std::string_view append_wakes_sql = wakes_sql;

bool WakeColumns::bind(const std::vector<TaskWakeRow>& rows) {
  if (rows.empty()) return false;
  std::array<ArrayLiteral, wake_columns> columns;
  for (const TaskWakeRow& row : rows) {
    columns[0].add(row.channel.view());
    columns[1].add(row.task.view());
    columns[2].add(std::uint64_t{row.slot});
    columns[3].add(row.due_ms);
    columns[4].add(row.next_ms);
    columns[5].add(row.said_ms);
  }
  for (std::size_t column = 0; column < wake_columns; ++column)
    wakes_[column] = columns[column].close();
  return true;
}

std::vector<TaskWakeRow> load_due_wakes(soci::session& sql, Milliseconds now_ms, std::size_t most) {
  const long long now = static_cast<long long>(now_ms), limit = static_cast<long long>(most);
  Row row;
  soci::statement statement(sql);
  row.bind(statement);
  statement.exchange(soci::use(now));
  statement.exchange(soci::use(limit));
  statement.alloc();
  statement.prepare(std::string(read_wakes_sql) +
                    "WHERE next_ms > 0 AND next_ms <= :now "
                    "ORDER BY next_ms, channel_id, task_id, slot LIMIT :most");
  statement.define_and_bind();
  statement.execute();
  std::vector<TaskWakeRow> wakes;
  while (statement.fetch()) wakes.push_back(row.wake());
  return wakes;
}

void walk_wakes(soci::session& sql, const TakeStoredWake& take) {
  Row row;
  soci::statement statement(sql);
  row.bind(statement);
  statement.alloc();
  statement.prepare(std::string(read_wakes_sql));
  statement.define_and_bind();
  statement.execute();
  while (statement.fetch()) take(row.wake());
}

}  // namespace oberih::storage
