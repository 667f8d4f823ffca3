// SPDX-License-Identifier: Apache-2.0
#include "server/storage/task_projection.hpp"

#include <soci/soci.h>

#include <array>

#include "server/storage/sql_text.hpp"

namespace oberih::storage {
namespace {

using sealing::Task;
using sealing::TaskParty;
using sealing::TaskPartyKind;
using sealing::TaskSlot;

constexpr std::array<std::string_view, 13> hex_columns = {
    "channel_id",   "task_id",           "requester_agency",
    "requester_id", "proposer",          "proposer_stands_for",
    "depends_on",   "assignee_agency",   "assignee_id",
    "holder",       "holder_stands_for", "submitter",
    "rests"};
enum Hex : std::size_t {
  channel_id,
  task_id,
  requester_agency,
  requester_id,
  proposer,
  proposer_stands_for,
  depends_on,
  assignee_agency,
  assignee_id,
  holder,
  holder_stands_for,
  submitter,
  rests
};
constexpr std::array<std::string_view, 17> number_columns = {
    "requester_kind", "kind",
    "urgency",        "proposed_seq",
    "proposed_ms",    "slot",
    "assignee_kind",  "state",
    "version",        "due_ms",
    "due_is_date",    "paused_ms",
    "pause_reason",   "is_finished_elsewhere",
    "changed_seq",    "changed_ms",
    "noticed_ms"};
enum Number : std::size_t {
  requester_kind,
  kind,
  urgency,
  proposed_seq,
  proposed_ms,
  slot_number,
  assignee_kind,
  state,
  version,
  due_ms,
  due_is_date,
  paused_ms,
  pause_reason,
  is_finished_elsewhere,
  changed_seq,
  changed_ms,
  noticed_ms
};

/// What is missing reads as 0.
std::string read_sql(std::string_view join, std::string_view condition) {
  std::string columns;
  for (const std::string_view name : hex_columns)
    columns += "coalesce(encode(" + std::string(name) + ", 'hex'), ''), ";
  for (const std::string_view name : number_columns)
    columns += "coalesce(cast(" + std::string(name) + " as bigint), " +
               (name == "slot" ? "-1" : "0") + "), ";
  for (const std::string_view name : {"due_is_date", "is_finished_elsewhere"}) {
    const std::string number = "cast(" + std::string(name) + " as bigint)";
    columns.replace(columns.find(number), number.size(),
                    "cast(cast(" + std::string(name) + " as int) as bigint)");
  }
  columns.resize(columns.size() - 2);
  return "SELECT " + columns + " FROM task " + std::string(join) +
         " task_slot USING (channel_id, task_id) " + std::string(condition) +
         " ORDER BY channel_id, task_id, slot";
}

/// One slot with its task, as SOCI fills the columns.
class Columns {
 public:
  void bind(soci::statement& statement) {
    for (std::string& text : hex_) statement.exchange(soci::into(text));
    for (long long& number : numbers_) statement.exchange(soci::into(number));
  }

  ChannelId channel() const { return id<ChannelId>(channel_id); }
  TaskId task_id_of_row() const { return id<TaskId>(task_id); }
  bool is_slot(std::size_t number) const { return this->number(slot_number) == number; }

  /// Throw DatabaseError.
  Task task() const {
    Task task;
    task.id = task_id_of_row();
    task.requester = party(requester_kind, requester_agency, requester_id);
    task.proposer = id<PersonId>(proposer);
    task.proposer_stands_for = id<PersonId>(proposer_stands_for);
    task.kind = require(sealing::task_kind_of(byte(kind)));
    task.urgency = require(sealing::task_urgency_of(byte(urgency)));
    task.proposed_seq = number(proposed_seq);
    task.proposed_ms = number(proposed_ms);
    constexpr std::size_t digits = 2 * TaskId::size;
    for (std::size_t at = 0; at < hex_[depends_on].size(); at += digits)
      task.depends_on.push_back(fixed_from_hex<TaskId>(hex_[depends_on].substr(at, digits)));
    return task;
  }
  TaskSlot slot() const {
    TaskSlot slot;
    slot.assignee = party(assignee_kind, assignee_agency, assignee_id);
    slot.state = require(sealing::task_state_of(byte(state)));
    slot.version = number(version);
    slot.holder = id<PersonId>(holder);
    slot.holder_stands_for = id<PersonId>(holder_stands_for);
    slot.submitter = id<PersonId>(submitter);
    slot.due_ms = number(due_ms);
    slot.due_is_date = number(due_is_date) == 1;
    slot.paused_ms = number(paused_ms);
    if (number(pause_reason) != 0)
      slot.pause_reason = require(sealing::pause_reason_of(byte(pause_reason)));
    slot.is_finished_elsewhere = number(is_finished_elsewhere) == 1;
    slot.changed_seq = number(changed_seq);
    slot.changed_ms = number(changed_ms);
    auto stored_rests = sealing::parse_rests(bytes_from_hex(hex_[rests]));
    if (!stored_rests) throw DatabaseError("The rests of a task cannot be read.");
    slot.rests = std::move(*stored_rests);
    slot.noticed_ms = number(noticed_ms);
    return slot;
  }

 private:
  template <class Id>
  Id id(Hex column) const {
    return fixed_from_hex<Id>(hex_[column]);
  }
  std::uint64_t number(Number column) const { return static_cast<std::uint64_t>(numbers_[column]); }
  std::uint8_t byte(Number column) const {
    return number(column) > 255 ? 0 : static_cast<std::uint8_t>(number(column));
  }
  template <class Value>
  static Value require(std::optional<Value> value) {
    if (!value) throw DatabaseError("A row of a task holds a number that no task has.");
    return *value;
  }
  TaskParty party(Number kind, Hex agency, Hex who) const {
    if (number(kind) != 1 && number(kind) != 2)
      throw DatabaseError("A row of a task names neither a unit nor a person.");
    return {number(kind) == 1 ? TaskPartyKind::unit : TaskPartyKind::person, id<AgencyId>(agency),
            id<PersonId>(who).bytes};
  }

  std::array<std::string, hex_columns.size()> hex_;
  std::array<long long, number_columns.size()> numbers_{};
};

}  // namespace

std::optional<Task> load_task(soci::session& sql, const ChannelId& channel, const TaskId& id) {
  static const std::string text = read_sql(
      "LEFT JOIN", "WHERE channel_id = decode(:channel, 'hex') AND task_id = decode(:task, 'hex')");
  std::string channel_hex = to_hex(channel.view()), id_hex = to_hex(id.view());
  Columns columns;
  soci::statement statement(sql);
  columns.bind(statement);
  statement.exchange(soci::use(channel_hex));
  statement.exchange(soci::use(id_hex));
  statement.alloc();
  statement.prepare(text);
  statement.define_and_bind();
  statement.execute();
  std::optional<Task> task;
  while (statement.fetch()) {
    if (!task) task = columns.task();
    if (!columns.is_slot(task->slots.size()))
      throw DatabaseError("The slots of a task have a gap.");
    task->slots.push_back(columns.slot());
  }
  return task;
}

void walk_tasks(soci::session& sql, const TakeStoredTask& take) {
  Columns columns;
  soci::statement statement(sql);
  columns.bind(statement);
  statement.alloc();
  // A slot without its task, and a task without slots, are found too.
  statement.prepare(read_sql("FULL JOIN", ""));
  statement.define_and_bind();
  statement.execute();
  ChannelId channel;
  TaskId id;
  std::optional<Task> task;
  bool is_first = true;
  while (statement.fetch()) {
    const bool goes_on =
        !is_first && columns.channel() == channel && columns.task_id_of_row() == id;
    if (!goes_on && !is_first) take(channel, id, task);
    is_first = false;
    channel = columns.channel();
    id = columns.task_id_of_row();
    try {
      if (!goes_on) task = columns.task();
      if (task && columns.is_slot(task->slots.size()))
        task->slots.push_back(columns.slot());
      else
        task.reset();
    } catch (const DatabaseError&) {
      task.reset();
    }
  }
  if (!is_first) take(channel, id, task);
}

}  // namespace oberih::storage
