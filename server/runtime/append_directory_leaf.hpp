// SPDX-License-Identifier: Apache-2.0
// What the operator puts into the directory without a connection: the genesis and what offline
// roots have signed. Through the database and its head row, so that it works while a server runs,
// which notices within a second.
#pragma once

#include "protocol/sealing/genesis.hpp"
#include "protocol/wire/exchange_files.hpp"
#include "server/application/ports.hpp"
#include "server/runtime/settings.hpp"

namespace oberih::runtime {

enum class ClockConfirmation { no, yes };  // the operator says that the clock is right

/// Appends the genesis to an empty journal. The same genesis again changes nothing; another one is
/// refused. Throws what the database throws.
Result<void> append_genesis(const Settings& settings, const sealing::SignedGenesis& genesis);

/// Where a server runs, returns when that has taken the leaf in and signed it, or after some
/// seconds.
Result<wire::Appended> append_directory_leaf(const Settings& settings,
                                             const wire::DirectoryLeafFile& leaf,
                                             ClockConfirmation clock);

}  // namespace oberih::runtime
