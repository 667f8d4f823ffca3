// SPDX-License-Identifier: Apache-2.0
// From a person's wish to a posted action: which slot, in whose place, and what to say when
// somebody else was first. Judged here before anything is sent, by the rules of the server.
#pragma once

#include "client-cli/commands/task_search.hpp"

namespace oberih::client {

/// The slot that is named, else the one on which the action may stand; of withdraw and extend all
/// of them. Refusals: usage where several fit, else why none does.
Result<std::vector<std::uint16_t>> choose_slots(ClientSession& session, VerifiedChannel& channel,
                                                const sealing::Task& task, sealing::TaskFacts facts,
                                                int named);

/// Whether it can be sealed, before anything is asked of the server. Refusal: usage where a field
/// does not fit.
Result<> check_text(const sealing::TaskText& text);

/// What was asked urgently is given on, sent back and called off urgently; the rest need not wake
/// anybody.
std::uint8_t priority_of(ClientSession& session, VerifiedChannel& channel,
                         const sealing::Task& task, sealing::TaskAction action);

/// What the person wants is so already, by their own doing: says so, posts nothing. False: it is
/// not so. For actions alone that say nothing besides.
bool tell_done_already(CommandContext& context, VerifiedChannel& channel, const TaskInChannel& task,
                       sealing::TaskAction action, int named_slot);

/// Sets acting_for where the action stands only as somebody's deputy. Refusal: that of acting as
/// oneself.
Result<> choose_stand_in(ClientSession& session, VerifiedChannel& channel,
                         sealing::TaskFacts& facts);

/// Of an action that came too late: who was first, when, and what the task is now, as the detail.
Refusal tell_who_was_first(CommandContext& context, VerifiedChannel& channel,
                           const sealing::TaskFacts& facts, const Refusal& refusal);

/// Posts, and says what the task is now.
Result<> act_on_task(CommandContext& context, VerifiedChannel& channel,
                     const sealing::TaskFacts& facts, const sealing::TaskText& text);

}  // namespace oberih::client
