// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/task_words.hpp"

#include "protocol/sealing/task_transitions.hpp"
#include "protocol/sealing/word_table.hpp"

namespace oberih::sealing {
namespace {

struct StateName {
  TaskState state;
  std::string_view name;
};
constexpr std::array<StateName, 8> state_names = {{
    {TaskState::proposed, "proposed"},
    {TaskState::accepted, "accepted"},
    {TaskState::in_progress, "in_progress"},
    {TaskState::paused, "paused"},
    {TaskState::submitted, "submitted"},
    {TaskState::completed, "completed"},
    {TaskState::declined, "declined"},
    {TaskState::withdrawn, "withdrawn"},
}};

struct ActionName {
  TaskAction action;
  std::string_view name;
};
constexpr std::array<ActionName, 12> action_names = {{
    {TaskAction::propose, "propose"},
    {TaskAction::accept, "accept"},
    {TaskAction::decline, "decline"},
    {TaskAction::withdraw, "withdraw"},
    {TaskAction::extend, "extend"},
    {TaskAction::reassign, "reassign"},
    {TaskAction::start, "start"},
    {TaskAction::pause, "pause"},
    {TaskAction::resume, "resume"},
    {TaskAction::submit, "submit"},
    {TaskAction::confirm, "confirm"},
    {TaskAction::return_, "return"},
}};

static_assert(rows_stand_in_order(state_names, &StateName::state));
static_assert(rows_stand_in_order(action_names, &ActionName::action));
static_assert(rows_stand_in_order(task_kinds, &TaskKindRow::kind));
static_assert(rows_stand_in_order(task_urgencies, &TaskUrgencyRow::urgency));
static_assert(rows_stand_in_order(pause_reasons, &PauseReasonRow::reason));

}  // namespace

std::string_view name_of(TaskState state) { return row_of(state_names, state).name; }
std::string_view name_of(TaskAction action) { return row_of(action_names, action).name; }
std::string_view name_of(TaskKind kind) { return row_of(task_kinds, kind).name; }
std::string_view name_of(TaskUrgency urgency) { return row_of(task_urgencies, urgency).name; }
std::string_view name_of(PauseReason reason) { return row_of(pause_reasons, reason).name; }
TaskFinish finish_of(TaskKind kind) { return row_of(task_kinds, kind).finish; }

std::optional<TaskState> find_task_state(std::string_view name) {
  return find_named<TaskState>(state_names, name);
}
std::optional<TaskAction> find_task_action(std::string_view name) {
  return find_named<TaskAction>(action_names, name);
}
std::optional<TaskKind> find_task_kind(std::string_view name) {
  return find_named<TaskKind>(task_kinds, name);
}
std::optional<TaskUrgency> find_task_urgency(std::string_view name) {
  return find_named<TaskUrgency>(task_urgencies, name);
}
std::optional<PauseReason> find_pause_reason(std::string_view name) {
  return find_named<PauseReason>(pause_reasons, name);
}

std::optional<TaskState> task_state_of(std::uint8_t number) {
  return value_of<TaskState>(state_names, number);
}
std::optional<TaskAction> task_action_of(std::uint8_t number) {
  return value_of<TaskAction>(action_names, number);
}
std::optional<TaskKind> task_kind_of(std::uint8_t number) {
  return value_of<TaskKind>(task_kinds, number);
}
std::optional<TaskUrgency> task_urgency_of(std::uint8_t number) {
  return value_of<TaskUrgency>(task_urgencies, number);
}
std::optional<PauseReason> pause_reason_of(std::uint8_t number) {
  return value_of<PauseReason>(pause_reasons, number);
}

Milliseconds due_after(TaskUrgency urgency, Milliseconds from_ms) {
  return from_ms + row_of(task_urgencies, urgency).term_ms;
}

}  // namespace oberih::sealing
