// SPDX-License-Identifier: Apache-2.0
// `oberihd check`: recomputes the whole journal from the database and prints what it finds.
#pragma once

#include "server/runtime/settings.hpp"

namespace oberih::runtime {

/// The exit code: 0 all agrees, 1 something does not; each fault is a line that names the journal
/// index.
Result<int> check_journal(const Settings& settings);

}  // namespace oberih::runtime
