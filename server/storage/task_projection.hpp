// SPDX-License-Identifier: Apache-2.0
// The tables task and task_slot: how the one statement that writes the journal writes them, and how
// they are read. What stands in them is decided elsewhere.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "server/application/ports.hpp"

namespace soci {
class session;
}

namespace oberih::storage {

/// Common table expressions that go on behind those of AppendStatement; they join with its `head`.
extern const std::string_view append_tasks_sql;

/// The arrays that append_tasks_sql takes, in its order.
class TaskColumns {
 public:
  static constexpr std::size_t task_columns = 12, slot_columns = 20;

  /// False: there are none, and the arrays are as they were.
  bool bind(const std::vector<application::TaskRow>& rows);
  std::vector<std::string>& tasks() { return tasks_; }
  std::vector<std::string>& slots() { return slots_; }

 private:
  std::vector<std::string> tasks_{task_columns}, slots_{slot_columns};
};

/// Throws soci::soci_error, and DatabaseError for what no program has written.
std::optional<sealing::Task> load_task(soci::session& sql, const ChannelId& channel,
                                       const TaskId& task);
/// Nothing: the rows cannot be a task.
using TakeStoredTask =
    std::function<void(const ChannelId&, const TaskId&, const std::optional<sealing::Task>&)>;
/// All of them, by channel and id.
void walk_tasks(soci::session& sql, const TakeStoredTask& take);

}  // namespace oberih::storage
