// SPDX-License-Identifier: Apache-2.0
// The closed word lists of tasks besides states and actions: kinds, urgency, why work rests.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "protocol/base/timestamp.hpp"

namespace oberih::sealing {

// ON DISK: the numbers of this file are signed and stored.

enum class TaskKind : std::uint8_t {
  general = 1,
  information = 2,           // an enquiry
  investigative_action = 3,  // under a procedural order
  find_person = 4,
  secure_witnesses = 5,  // the one kind of task in a hearing channel
  accommodation = 6,
  interpretation = 7,  // spoken or written
  medical_care = 8,
  legal_aid = 9,
};

/// Of several assignees: must each finish, or is it done when one has finished.
enum class TaskFinish : std::uint8_t { each, one_for_all };

struct TaskKindRow {
  TaskKind kind;
  std::string_view name;
  TaskFinish finish;
};
// A found person is found for all, a bed in one shelter is enough; an enquiry is answered by each.
inline constexpr std::array<TaskKindRow, 9> task_kinds = {{
    {TaskKind::general, "general", TaskFinish::each},
    {TaskKind::information, "information", TaskFinish::each},
    {TaskKind::investigative_action, "investigative_action", TaskFinish::each},
    {TaskKind::find_person, "find_person", TaskFinish::one_for_all},
    {TaskKind::secure_witnesses, "secure_witnesses", TaskFinish::each},
    {TaskKind::accommodation, "accommodation", TaskFinish::one_for_all},
    {TaskKind::interpretation, "interpretation", TaskFinish::one_for_all},
    {TaskKind::medical_care, "medical_care", TaskFinish::one_for_all},
    {TaskKind::legal_aid, "legal_aid", TaskFinish::one_for_all},
}};

enum class TaskUrgency : std::uint8_t { hours_8 = 1, days_3 = 2, days_7 = 3, date = 4 };

struct TaskUrgencyRow {
  TaskUrgency urgency;
  std::string_view name;  // as it is typed
  Milliseconds term_ms;   // 0: the task names its date
};
inline constexpr Milliseconds task_hour_ms = 3600ull * 1000;
inline constexpr std::array<TaskUrgencyRow, 4> task_urgencies = {{
    {TaskUrgency::hours_8, "8h", 8 * task_hour_ms},
    {TaskUrgency::days_3, "3d", 3 * 24 * task_hour_ms},
    {TaskUrgency::days_7, "7d", 7 * 24 * task_hour_ms},
    {TaskUrgency::date, "date", 0},
}};

enum class PauseReason : std::uint8_t {
  awaiting_translation = 1,
  awaiting_court = 2,         // a ruling, a warrant
  awaiting_requester = 3,     // an answer or a document of whoever asked
  awaiting_other_agency = 4,  // an answer of a third
  person_unavailable = 5,     // hospital, treatment, abroad, not to be reached
  danger = 6,                 // shelling, no power, no connection
  other = 7,                  // said in the sealed text
};

struct PauseReasonRow {
  PauseReason reason;
  std::string_view name;
};
inline constexpr std::array<PauseReasonRow, 7> pause_reasons = {{
    {PauseReason::awaiting_translation, "awaiting_translation"},
    {PauseReason::awaiting_court, "awaiting_court"},
    {PauseReason::awaiting_requester, "awaiting_requester"},
    {PauseReason::awaiting_other_agency, "awaiting_other_agency"},
    {PauseReason::person_unavailable, "person_unavailable"},
    {PauseReason::danger, "danger"},
    {PauseReason::other, "other"},
}};

std::string_view name_of(TaskKind kind);
std::string_view name_of(TaskUrgency urgency);
std::string_view name_of(PauseReason reason);
TaskFinish finish_of(TaskKind kind);
std::optional<TaskKind> find_task_kind(std::string_view name);
std::optional<TaskUrgency> find_task_urgency(std::string_view name);
std::optional<PauseReason> find_pause_reason(std::string_view name);
std::optional<TaskKind> task_kind_of(std::uint8_t number);
std::optional<TaskUrgency> task_urgency_of(std::uint8_t number);
std::optional<PauseReason> pause_reason_of(std::uint8_t number);

/// When a task of that class, proposed at `from_ms`, is due: in hours and calendar days of 24
/// hours. Not for a date, which the task names itself.
Milliseconds due_after(TaskUrgency urgency, Milliseconds from_ms);

}  // namespace oberih::sealing
