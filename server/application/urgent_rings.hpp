// SPDX-License-Identifier: Apache-2.0
// Whom an urgent entry calls outside of the system: of a message every other agency of the roster,
// of a task whoever the action speaks to. By the clear facts alone.
#pragma once

#include "protocol/sealing/task_facts.hpp"
#include "server/application/batch_view.hpp"

namespace oberih::application {

/// Behind the entry that has just been staged; `task`: its facts, where it is a task's. Nothing
/// where it is not urgent.
void stage_rings(BatchView& batch, const sealing::EntryHeader& header,
                 const std::optional<sealing::TaskFacts>& task);

/// Unit zero where a person is meant: persons are named to nobody outside.
Ring ring_for(const sealing::TaskParty& party);

}  // namespace oberih::application
