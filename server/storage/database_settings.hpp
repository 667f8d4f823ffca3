// SPDX-License-Identifier: Apache-2.0
// How PostgreSQL is reached and how long anything may take. Secrets never stand here: where a
// password is needed, libpq reads it from the file that `passfile=` names.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace oberih::storage {

/// The login roles of the schema; each part of the program connects as the weakest that will do.
enum class DatabaseRole { owner, writer, reader };
std::string_view name_of(DatabaseRole role);  // oberih_owner, ...

struct DatabaseSettings {
  std::string connection;  // libpq's keyword=value form; the role is added, whatever `user` says
  std::size_t reader_connections = 4;
  std::size_t reader_queue = 256;  // requests that wait for a reader; more: server_busy
  std::chrono::milliseconds statement_timeout{10'000};
  std::chrono::milliseconds lock_timeout{5'000};
  std::chrono::seconds connect_timeout{5};
  /// How long a lost connection is sought again before an outcome is called unknown.
  std::chrono::milliseconds reconnect_limit{5'000};
};

/// Throws std::runtime_error for a URI: a role cannot be appended to it.
std::string connection_string(const DatabaseSettings& settings, DatabaseRole role);

/// Takes a sentence for the log about a failure that was turned into an outcome or a refusal.
/// INVARIANT: it names SQLSTATE and cause, never a value of a statement.
using ReportFailure = std::function<void(const std::string& sentence)>;

}  // namespace oberih::storage
