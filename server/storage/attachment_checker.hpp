// SPDX-License-Identifier: Apache-2.0
// The part of `oberihd check` that is about attachments: every chunk that is said to be there is
// there and has its hash, every content id is that of its hashes. What it means nobody here can
// see.
#pragma once

#include <string>

#include "server/storage/check_report.hpp"
#include "server/storage/database_settings.hpp"

namespace oberih::storage {

/// `directory`: empty where chunks lie in the database. Reads a chunk at a time; the server may run
/// meanwhile. Throws std::runtime_error where the database or the directory cannot be read.
void check_attachments(const DatabaseSettings& settings, const std::string& directory,
                       CheckReport& report);

}  // namespace oberih::storage
