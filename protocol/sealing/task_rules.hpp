// SPDX-License-Identifier: Apache-2.0
// Whether a task entry may stand, and what the task is then. Shared by server, client and check
// (ADR 9). That its sender may post in the channel at all is channel_state's business, and is asked
// first; which roles may take an action is the server's policy.
#pragma once

#include <functional>

#include "protocol/sealing/channel_state.hpp"
#include "protocol/sealing/task.hpp"
#include "protocol/sealing/task_actors.hpp"

namespace oberih::sealing {

/// A task of this channel as it stood before the place; nullptr where there is none.
using FindTask = std::function<TaskPointer(const TaskId&)>;

/// What a task entry is judged against.
struct TaskCase {
  ChannelKind channel_kind{};
  AgencyKind agency_kind{};  // of the author
  AgencyId agency;           // of the author
  PersonId author;
  Place place;
  const TaskActors& actors;
  FindTask find;
};

/// For an entry of `sender`, a device of the directory. `actors` is of the same place.
TaskCase task_case_of(const ChannelState& state, const Directory& directory, const DeviceId& sender,
                      const Place& place, const TaskActors& actors, FindTask find);

/// How the author stands to the task: what policy asks.
struct TaskRelations {
  bool is_requester = false;
  bool is_addressee = false;  // or supervises the addressee
  bool is_holder = false;
};
TaskRelations relations_of(const TaskCase& c, const TaskFacts& facts);

/// The task after the entry. In this order: the channel's kind (entry_type_forbidden), the task
/// (not_found, id_taken), the slot's version (stale_version), the table (transition_unknown), the
/// author's part (not_your_part, own_work), then what the action brings: assignee_not_on_roster,
/// due_in_past, dependency_cycle, dependencies_open.
Result<Task> judge_task(const TaskCase& c, const TaskFacts& facts);

}  // namespace oberih::sealing
