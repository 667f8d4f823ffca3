// SPDX-License-Identifier: Apache-2.0
#include "client-cli/keyring/task_table.hpp"

namespace oberih::client {

std::optional<Bytes> TaskTable::find(const ChannelId& channel, const TaskId& task) {
  Statement statement = database_.prepare("SELECT state FROM task WHERE channel = ? AND task = ?");
  statement.bind(channel).bind(task);
  if (!statement.step()) return std::nullopt;
  return statement.blob(0);
}

std::vector<StoredTask> TaskTable::list(const ChannelId& channel) {
  std::vector<StoredTask> tasks;
  Statement statement =
      database_.prepare("SELECT task, state FROM task WHERE channel = ? ORDER BY task");
  statement.bind(channel);
  while (statement.step()) tasks.push_back({statement.id<TaskId>(0), statement.blob(1)});
  return tasks;
}

void TaskTable::put(const ChannelId& channel, const StoredTask& task, std::uint64_t seq) {
  database_.prepare("INSERT OR REPLACE INTO task VALUES(?, ?, ?)")
      .bind(channel)
      .bind(task.task)
      .bind(task.state)
      .run();
  database_.prepare("INSERT INTO task_entry VALUES(?, ?, ?)")
      .bind(channel)
      .bind(task.task)
      .bind(seq)
      .run();
}

std::vector<std::uint64_t> TaskTable::entries_of(const ChannelId& channel, const TaskId& task) {
  std::vector<std::uint64_t> sequences;
  Statement statement =
      database_.prepare("SELECT seq FROM task_entry WHERE channel = ? AND task = ? ORDER BY seq");
  statement.bind(channel).bind(task);
  while (statement.step()) sequences.push_back(statement.integer(0));
  return sequences;
}

}  // namespace oberih::client
