// SPDX-License-Identifier: Apache-2.0
// `oberihd directory lost-tail`: what the agencies would have to give up, as the command that
// proposes it.
#pragma once

#include "server/runtime/settings.hpp"

namespace oberih::runtime {

/// Compares the checkpoint in the state directory with the database. Throws what the database
/// throws.
Result<int> show_lost_tail(const Settings& settings);

}  // namespace oberih::runtime
