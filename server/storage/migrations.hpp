// SPDX-License-Identifier: Apache-2.0
// Brings the database to the schema this program was built for: `schema/NNNN_name.sql`, forward
// only, each in a transaction, remembered with its hash in table schema_migration.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "server/storage/database_settings.hpp"

namespace oberih::storage {

class DatabaseSession;

inline constexpr int schema_version = 15;  // of this program: the newest file of schema/

/// Names of the files applied now. Two at once wait for each other. Throws std::runtime_error with
/// a sentence: a migration that was changed or is missing, a gap, a newer database, a failing file.
std::vector<std::string> migrate(const DatabaseSettings& settings,
                                 const std::filesystem::path& folder);

/// Throws std::runtime_error that says whether to run `oberihd migrate` or a newer `oberihd`.
void require_schema(DatabaseSession& session);

}  // namespace oberih::storage
