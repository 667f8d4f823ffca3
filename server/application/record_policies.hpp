// SPDX-License-Identifier: Apache-2.0
// The policies' hashes into the journal: a leaf of kind 7 where they differ from the newest one.
#pragma once

#include <functional>

#include "server/application/policies_in_force.hpp"
#include "server/application/recorder.hpp"

namespace oberih::application {

/// `done` runs once: after COMMIT, or at once where the journal says the same already.
void record_policies(Recorder& recorder, PoliciesPointer policies, Milliseconds read_ms,
                     std::function<void(Result<void>)> done);

}  // namespace oberih::application
