// SPDX-License-Identifier: Apache-2.0
// Tasks of verified channels: what their entries add up to, and which entries are about which task.
// Clear facts alone, as the server has them; titles and words are opened when they are shown.
#pragma once

#include <vector>

#include "client-cli/keyring/sqlite_database.hpp"

namespace oberih::client {

struct StoredTask {
  TaskId task;
  Bytes state;  // sealing::Task
};

class TaskTable {
 public:
  explicit TaskTable(SqliteDatabase& database) : database_(database) {}

  std::optional<Bytes> find(const ChannelId& channel, const TaskId& task);
  std::vector<StoredTask> list(const ChannelId& channel);
  /// The task as it is after the entry at `seq`.
  void put(const ChannelId& channel, const StoredTask& task, std::uint64_t seq);
  /// Sequences of the entries about a task, ascending.
  std::vector<std::uint64_t> entries_of(const ChannelId& channel, const TaskId& task);

 private:
  SqliteDatabase& database_;
};

}  // namespace oberih::client
