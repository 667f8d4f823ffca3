// SPDX-License-Identifier: Apache-2.0
// A task entry inside the commit batch: the rules of tasks say whether the transition exists and
// whose part it is, policy whether the caller's role may take it. Both must say yes.
#pragma once

#include "protocol/sealing/task_rules.hpp"
#include "server/application/services.hpp"

namespace oberih::application {

/// Whether policy lets the caller act, who stands to the task as given. On the recorder's thread.
using MayActOnTask = std::function<Result<void>(const sealing::TaskRelations&)>;
MayActOnTask ask_policy_for(const Services& services, const domain::Caller& caller,
                            const ChannelId& channel, sealing::TaskAction action);

domain::Action action_of(sealing::TaskAction action);

/// The task after the entry, for stage_task(). INVARIANT: judge_entry has accepted the header.
Result<sealing::Task> judge_task_entry(BatchView& batch, const sealing::EntryHeader& header,
                                       const sealing::TaskFacts& facts, const MayActOnTask& may);

}  // namespace oberih::application
