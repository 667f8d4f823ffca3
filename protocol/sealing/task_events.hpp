// SPDX-License-Identifier: Apache-2.0
// What an event of the server does to a task, and whether it may stand. Shared by server, client
// and check (ADR 9): nobody needs the calendar or the policy to follow, and a server that says
// something twice, too early, or of another due time is found out.
#pragma once

#include "protocol/sealing/channel_state.hpp"
#include "protocol/sealing/server_event.hpp"
#include "protocol/sealing/task.hpp"

namespace oberih::sealing {

/// How far ahead a due time that the server sets may lie.
inline constexpr Milliseconds furthest_due_ms = 400ull * 24 * 3600 * 1000;

/// The task after the event. `before` may be nullptr: the channel has no such task (not_found).
/// Refusals besides: transition_unknown where the slot is in no state for it, due_in_past where
/// time or order do not fit.
Result<Task> judge_event(const TaskPointer& before, const ServerEvent& event, const Place& place);

}  // namespace oberih::sealing
