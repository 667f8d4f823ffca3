// SPDX-License-Identifier: Apache-2.0
// What the server says of a task by itself, inside the commit batch: the due time by the calendar
// behind an entry, and what a moment brings. What it says is a leaf (kind 11) that the rules of
// tasks judge at every reader; when to look next is a row written with it (ADR 14).
#pragma once

#include "server/application/batch_view.hpp"
#include "server/application/policies_in_force.hpp"

namespace oberih::application {

class TaskDeadlines {
 public:
  explicit TaskDeadlines(const PoliciesInForce& policies) : policies_(&policies) {}

  /// Behind the entry of the task that has just been staged. `before`: the task before it, nullptr
  /// where the entry proposed it.
  void follow_entry(BatchView& batch, const ChannelId& channel, const sealing::TaskPointer& before,
                    const TaskId& id) const;
  /// Everything that has come due by the batch's time, in order, once; of so many slots at most.
  /// Returns of how many.
  std::size_t say_what_is_due(BatchView& batch, std::size_t most_slots) const;

 private:
  const PoliciesInForce* policies_;
};

}  // namespace oberih::application
