// SPDX-License-Identifier: Apache-2.0
// THE table of a task's life: from which state which action leads where, and who may take it.
// Server, client and check look here alone (ADR 9). Whether a role may act at all is policy.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "protocol/base/vocabulary.hpp"

namespace oberih::sealing {

// ON DISK: the numbers of this file are signed and stored.

/// Of one slot: each assignee has a state of their own.
enum class TaskState : std::uint8_t {
  proposed = 1,
  accepted = 2,
  in_progress = 3,
  paused = 4,
  submitted = 5,
  completed = 6,
  declined = 7,
  withdrawn = 8,
};

enum class TaskAction : std::uint8_t {
  propose = 1,
  accept = 2,
  decline = 3,
  withdraw = 4,
  extend = 5,
  reassign = 6,
  start = 7,
  pause = 8,
  resume = 9,
  submit = 10,
  confirm = 11,
  return_ = 12,  // on the wire and for people: return
};

/// In which part somebody acts. Deputies and duty officers act in the part of whom they stand in
/// for.
enum class TaskPart : std::uint8_t {
  requester,             // the requesting person, or a person of the requesting unit
  other_than_holder,     // the same, but neither who holds the work nor who handed it in
  addressee,             // the addressed person, or a person of the addressed unit
  holder,                // who has accepted, or was given, the work
  supervisor_or_holder,  // a supervisor of the addressed unit, or the holder
};

struct TaskTransition {
  TaskState from;
  TaskAction action;
  TaskPart part;
  TaskState to;  // the same as `from` where the action changes something else
};

// A proposal has no state before it: it is not in the table, and begins in this one.
inline constexpr TaskState first_task_state = TaskState::proposed;

inline constexpr std::array<TaskTransition, 20> task_transitions = {{
    {TaskState::proposed, TaskAction::accept, TaskPart::addressee, TaskState::accepted},
    {TaskState::proposed, TaskAction::decline, TaskPart::addressee, TaskState::declined},
    {TaskState::proposed, TaskAction::withdraw, TaskPart::requester, TaskState::withdrawn},
    {TaskState::accepted, TaskAction::withdraw, TaskPart::requester, TaskState::withdrawn},
    {TaskState::in_progress, TaskAction::withdraw, TaskPart::requester, TaskState::withdrawn},
    {TaskState::paused, TaskAction::withdraw, TaskPart::requester, TaskState::withdrawn},
    {TaskState::submitted, TaskAction::withdraw, TaskPart::requester, TaskState::withdrawn},
    {TaskState::accepted, TaskAction::extend, TaskPart::requester, TaskState::accepted},
    {TaskState::in_progress, TaskAction::extend, TaskPart::requester, TaskState::in_progress},
    {TaskState::paused, TaskAction::extend, TaskPart::requester, TaskState::paused},
    {TaskState::proposed, TaskAction::reassign, TaskPart::supervisor_or_holder,
     TaskState::proposed},
    {TaskState::accepted, TaskAction::reassign, TaskPart::supervisor_or_holder,
     TaskState::accepted},
    {TaskState::in_progress, TaskAction::reassign, TaskPart::supervisor_or_holder,
     TaskState::in_progress},
    {TaskState::paused, TaskAction::reassign, TaskPart::supervisor_or_holder, TaskState::paused},
    {TaskState::accepted, TaskAction::start, TaskPart::holder, TaskState::in_progress},
    {TaskState::in_progress, TaskAction::pause, TaskPart::holder, TaskState::paused},
    {TaskState::paused, TaskAction::resume, TaskPart::holder, TaskState::in_progress},
    {TaskState::in_progress, TaskAction::submit, TaskPart::holder, TaskState::submitted},
    {TaskState::submitted, TaskAction::confirm, TaskPart::other_than_holder, TaskState::completed},
    {TaskState::submitted, TaskAction::return_, TaskPart::requester, TaskState::in_progress},
}};

/// nullptr: the state has no such action.
constexpr const TaskTransition* find_transition(TaskState from, TaskAction action) {
  for (const TaskTransition& row : task_transitions)
    if (row.from == from && row.action == action) return &row;
  return nullptr;
}

inline constexpr std::array<TaskState, 8> all_task_states = {
    TaskState::proposed,  TaskState::accepted,  TaskState::in_progress, TaskState::paused,
    TaskState::submitted, TaskState::completed, TaskState::declined,    TaskState::withdrawn};
inline constexpr std::array<TaskAction, 12> all_task_actions = {
    TaskAction::propose, TaskAction::accept,   TaskAction::decline, TaskAction::withdraw,
    TaskAction::extend,  TaskAction::reassign, TaskAction::start,   TaskAction::pause,
    TaskAction::resume,  TaskAction::submit,   TaskAction::confirm, TaskAction::return_};

/// Without exit: nothing happens to the slot any more.
constexpr bool is_final(TaskState state) {
  for (const TaskTransition& row : task_transitions)
    if (row.from == state) return false;
  return true;
}

namespace detail {

constexpr bool no_two_rows_are_alike() {
  for (std::size_t i = 0; i < task_transitions.size(); ++i)
    for (std::size_t j = i + 1; j < task_transitions.size(); ++j)
      if (task_transitions[i].from == task_transitions[j].from &&
          task_transitions[i].action == task_transitions[j].action)
        return false;
  return true;
}

constexpr bool is_reached(TaskState state) {
  if (state == first_task_state) return true;
  for (const TaskTransition& row : task_transitions)
    if (row.to == state && row.from != state) return true;
  return false;
}

constexpr bool every_state_is_reached() {
  for (const TaskState state : all_task_states)
    if (!is_reached(state)) return false;
  return true;
}

constexpr bool every_action_has_a_row() {
  for (const TaskAction action : all_task_actions) {
    bool found = action == TaskAction::propose;
    for (const TaskTransition& row : task_transitions) found |= row.action == action;
    if (!found) return false;
  }
  return true;
}

constexpr bool whoever_asked_can_always_end_it() {
  for (const TaskState state : all_task_states)
    if (!is_final(state) && find_transition(state, TaskAction::withdraw) == nullptr) return false;
  return true;
}

}  // namespace detail

static_assert(detail::no_two_rows_are_alike(), "one state and action, one outcome");
static_assert(detail::every_state_is_reached(), "no state without a way to it");
static_assert(detail::every_action_has_a_row(), "no action without a use");
static_assert(detail::whoever_asked_can_always_end_it(), "no task that cannot be taken back");
static_assert(is_final(TaskState::completed) && is_final(TaskState::declined) &&
                  is_final(TaskState::withdrawn),
              "what has ended does not begin again");
static_assert(find_transition(TaskState::submitted, TaskAction::confirm)->part ==
                  TaskPart::other_than_holder,
              "nobody confirms their own work");

std::string_view name_of(TaskState state);
std::string_view name_of(TaskAction action);
std::optional<TaskState> find_task_state(std::string_view name);
std::optional<TaskAction> find_task_action(std::string_view name);
std::optional<TaskState> task_state_of(std::uint8_t number);
std::optional<TaskAction> task_action_of(std::uint8_t number);

}  // namespace oberih::sealing
