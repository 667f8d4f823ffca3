// SPDX-License-Identifier: Apache-2.0
// The table task_wake: when the server looks at a slot of a task again. Written by the statement
// that writes the leaves, so that what was said and what is to be said never part.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "server/application/ports.hpp"

namespace soci {
class session;
}

namespace oberih::storage {

/// A common table expression that goes on behind those of AppendStatement; joins with its `head`.
extern const std::string_view append_wakes_sql;

/// The arrays that append_wakes_sql takes, in its order.
class WakeColumns {
 public:
  static constexpr std::size_t wake_columns = 6;

  /// False: there are none, and the arrays are as they were.
  bool bind(const std::vector<application::TaskWakeRow>& rows);
  std::vector<std::string>& wakes() { return wakes_; }

 private:
  std::vector<std::string> wakes_{wake_columns};
};

/// Throw soci::soci_error.
std::vector<application::TaskWakeRow> load_due_wakes(soci::session& sql, Milliseconds now_ms,
                                                     std::size_t most);
using TakeStoredWake = std::function<void(const application::TaskWakeRow&)>;
/// All of them.
void walk_wakes(soci::session& sql, const TakeStoredWake& take);

}  // namespace oberih::storage
