// SPDX-License-Identifier: Apache-2.0
// The writing half of task_projection.hpp.
#include <array>

#include "server/storage/sql_text.hpp"
#include "server/storage/task_projection.hpp"

namespace oberih::storage {
namespace {

using sealing::Task;
using sealing::TaskParty;
using sealing::TaskSlot;

// A slot's row is found by the key; the agency never changes.
constexpr std::string_view tasks_sql = R"sql(,
tasks AS (
  INSERT INTO task (channel_id, task_id, requester_kind, requester_agency, requester_id, proposer,
                    proposer_stands_for, kind, urgency, proposed_seq, proposed_ms, depends_on)
  SELECT decode(a, 'hex'), decode(b, 'hex'), c, decode(d, 'hex'), decode(e, 'hex'),
         decode(f, 'hex'), decode(g, 'hex'), h, i, j, k, decode(l, 'hex')
    FROM head, unnest(cast(:t0 as text[]), cast(:t1 as text[]), cast(:t2 as smallint[]),
         cast(:t3 as text[]), cast(:t4 as text[]), cast(:t5 as text[]), cast(:t6 as text[]),
         cast(:t7 as smallint[]), cast(:t8 as smallint[]), cast(:t9 as bigint[]),
         cast(:t10 as bigint[]), cast(:t11 as text[]))
         AS row (a, b, c, d, e, f, g, h, i, j, k, l)),
slots AS (
  INSERT INTO task_slot (channel_id, task_id, slot, assignee_kind, assignee_agency, assignee_id,
                         state, version, holder, holder_stands_for, submitter, due_ms, due_is_date,
                         paused_ms, pause_reason, is_finished_elsewhere, changed_seq, changed_ms,
                         rests, noticed_ms)
  SELECT decode(a, 'hex'), decode(b, 'hex'), c, d, decode(e, 'hex'), decode(f, 'hex'), g, h,
         decode(i, 'hex'), decode(j, 'hex'), decode(k, 'hex'), l, m = 1, n, o, p = 1, q, r,
         decode(s, 'hex'), t
    FROM head, unnest(cast(:s0 as text[]), cast(:s1 as text[]), cast(:s2 as smallint[]),
         cast(:s3 as smallint[]), cast(:s4 as text[]), cast(:s5 as text[]),
         cast(:s6 as smallint[]), cast(:s7 as bigint[]), cast(:s8 as text[]), cast(:s9 as text[]),
         cast(:s10 as text[]), cast(:s11 as bigint[]), cast(:s12 as smallint[]),
         cast(:s13 as bigint[]), cast(:s14 as smallint[]), cast(:s15 as smallint[]),
         cast(:s16 as bigint[]), cast(:s17 as bigint[]), cast(:s18 as text[]),
         cast(:s19 as bigint[]))
         AS row (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t)
  ON CONFLICT (channel_id, task_id, slot) DO UPDATE
     SET assignee_kind = excluded.assignee_kind, assignee_id = excluded.assignee_id,
         state = excluded.state, version = excluded.version, holder = excluded.holder,
         holder_stands_for = excluded.holder_stands_for, submitter = excluded.submitter,
         due_ms = excluded.due_ms, due_is_date = excluded.due_is_date,
         paused_ms = excluded.paused_ms, pause_reason = excluded.pause_reason,
         is_finished_elsewhere = excluded.is_finished_elsewhere,
         changed_seq = excluded.changed_seq, changed_ms = excluded.changed_ms,
         rests = excluded.rests, noticed_ms = excluded.noticed_ms)
)sql";

template <std::size_t N>
void close_into(std::array<ArrayLiteral, N>& arrays, std::vector<std::string>& columns) {
  for (std::size_t column = 0; column < N; ++column) columns[column] = arrays[column].close();
}

void add_party(ArrayLiteral& kind, ArrayLiteral& agency, ArrayLiteral& id, const TaskParty& party) {
  kind.add(static_cast<std::uint64_t>(party.kind));
  agency.add(party.agency.view());
  id.add(ByteView(party.id));
}

void add_slot(std::array<ArrayLiteral, TaskColumns::slot_columns>& columns,
              const application::TaskRow& row, std::size_t number) {
  const TaskSlot& slot = row.task->slots[number];
  columns[0].add(row.channel.view());
  columns[1].add(row.task->id.view());
  columns[2].add(number);
  add_party(columns[3], columns[4], columns[5], slot.assignee);
  columns[6].add(static_cast<std::uint64_t>(slot.state));
  columns[7].add(slot.version);
  columns[8].add(slot.holder.view());
  columns[9].add(slot.holder_stands_for.view());
  columns[10].add(slot.submitter.view());
  columns[11].add(slot.due_ms);
  columns[12].add(std::uint64_t{slot.due_is_date});
  columns[13].add(slot.paused_ms);
  columns[14].add(slot.pause_reason ? static_cast<std::uint64_t>(*slot.pause_reason) : 0);
  columns[15].add(std::uint64_t{slot.is_finished_elsewhere});
  columns[16].add(slot.changed_seq);
  columns[17].add(slot.changed_ms);
  columns[18].add(sealing::encode_rests(slot.rests));
  columns[19].add(slot.noticed_ms);
}

void add_task(std::array<ArrayLiteral, TaskColumns::task_columns>& columns,
              const application::TaskRow& row) {
  const Task& task = *row.task;
  Bytes dependencies;
  for (const TaskId& id : task.depends_on)
    dependencies.insert(dependencies.end(), id.bytes.begin(), id.bytes.end());
  columns[0].add(row.channel.view());
  columns[1].add(task.id.view());
  add_party(columns[2], columns[3], columns[4], task.requester);
  columns[5].add(task.proposer.view());
  columns[6].add(task.proposer_stands_for.view());
  columns[7].add(static_cast<std::uint64_t>(task.kind));
  columns[8].add(static_cast<std::uint64_t>(task.urgency));
  columns[9].add(task.proposed_seq);
  columns[10].add(task.proposed_ms);
  columns[11].add(dependencies);
}

}  // namespace

const std::string_view append_tasks_sql = tasks_sql;

bool TaskColumns::bind(const std::vector<application::TaskRow>& rows) {
  if (rows.empty()) return false;
  std::array<ArrayLiteral, task_columns> tasks;
  std::array<ArrayLiteral, slot_columns> slots;
  for (const application::TaskRow& row : rows) {
    if (row.is_new) add_task(tasks, row);
    for (std::size_t slot = 0; slot < row.task->slots.size(); ++slot) add_slot(slots, row, slot);
  }
  close_into(tasks, tasks_);
  close_into(slots, slots_);
  return true;
}

}  // namespace oberih::storage
