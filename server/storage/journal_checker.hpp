// SPDX-License-Identifier: Apache-2.0
// `oberihd check`: recomputes from the leaves everything that the database claims, and compares it
// with every signed checkpoint. Believes no column, no index and no trigger.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "server/storage/check_report.hpp"
#include "server/storage/database_settings.hpp"

namespace oberih::storage {

struct CheckOptions {
  /// The newest signed checkpoint as kept outside of the database; of another size than the newest
  /// inside it is compared at its own size.
  std::optional<std::string> outside_checkpoint;
  /// What clients pin, where the operator gives it.
  std::optional<Digest> genesis_hash;
  /// Called now and then.
  std::function<void(std::uint64_t leaves_done, std::uint64_t leaves_in_all)> progress;
};

/// One snapshot, as oberih_reader; the server may run meanwhile. Throws std::runtime_error where
/// the database cannot be read; whatever is wrong in it is a finding.
CheckReport check_journal(const DatabaseSettings& settings, const CheckOptions& options);

}  // namespace oberih::storage
