// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/task_events.hpp"

namespace oberih::sealing {
namespace {

Result<void> set_due(const Task& task, TaskSlot& slot, const ServerEvent& event,
                     const Place& place) {
  if (!is_awaited(slot.state))
    return refuse(RefusalCode::transition_unknown, "a due time for work that nobody awaits");
  if (slot.due_is_date)
    return refuse(RefusalCode::transition_unknown, "a date that somebody named stays where it is");
  if (event.due_ms < task.proposed_ms || event.due_ms > place.server_ms + furthest_due_ms)
    return refuse(RefusalCode::due_in_past, "a due time that no calendar gives");
  slot.due_ms = event.due_ms;
  return {};
}

Result<void> give_notice(TaskSlot& slot, const ServerEvent& event, const Place& place) {
  if (!is_awaited(slot.state))
    return refuse(RefusalCode::transition_unknown, "a notice about work that nobody awaits");
  if (event.due_ms != slot.due_ms)
    return refuse(RefusalCode::due_in_past, "a notice of another due time");
  if (event.said_for_ms > place.server_ms)
    return refuse(RefusalCode::due_in_past, "a notice before its moment");
  if (event.said_for_ms <= slot.noticed_ms)
    return refuse(RefusalCode::due_in_past, "a notice that was given already");
  slot.noticed_ms = event.said_for_ms;
  return {};
}

}  // namespace

Result<Task> judge_event(const TaskPointer& before, const ServerEvent& event, const Place& place) {
  if (!before || event.slot >= before->slots.size())
    return refuse(RefusalCode::not_found, "there is no such task in this channel");
  Task task = *before;
  TaskSlot& slot = task.slots[event.slot];
  switch (event.what) {
    case ServerEventWhat::due_set:
      OBERIH_TRY(set_due(task, slot, event, place));
      return task;
    case ServerEventWhat::reminder:
    case ServerEventWhat::overdue:
      OBERIH_TRY(give_notice(slot, event, place));
      return task;
  }
  return refuse(RefusalCode::malformed_object, "an event that is not about a task");
}

}  // namespace oberih::sealing
