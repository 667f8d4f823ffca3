// SPDX-License-Identifier: Apache-2.0
// `oberihd serve`: from settings to a running server and its end.
#pragma once

#include "server/runtime/append_directory_leaf.hpp"
#include "server/runtime/settings.hpp"

namespace oberih::runtime {

/// Returns when SIGTERM or SIGINT has come and everything is written. Throws what the database and
/// the socket throw at start.
Result<void> serve_journal(const Settings& settings, ClockConfirmation clock);

}  // namespace oberih::runtime
