// SPDX-License-Identifier: Apache-2.0
// One connection to PostgreSQL with its time limits set. Belongs to one thread at a time. SOCI
// never heals a lost connection, so it is replaced whole, and every prepared statement with it.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/storage/database_failure.hpp"
#include "server/storage/database_settings.hpp"

namespace soci {
class session;
}

namespace oberih::storage {

class DatabaseSession {
 public:
  /// Connects. Throws DatabaseError.
  DatabaseSession(const DatabaseSettings& settings, DatabaseRole role);
  ~DatabaseSession();
  DatabaseSession(const DatabaseSession&) = delete;
  DatabaseSession& operator=(const DatabaseSession&) = delete;

  soci::session& sql() { return *session_; }
  /// For whoever prepares statements: a statement reads its connection when it is destroyed, so it
  /// shares it, and may outlive a reconnect().
  std::shared_ptr<soci::session> connection() { return session_; }
  const DatabaseSettings& settings() const { return settings_; }
  bool is_broken() const;
  /// A new connection in place of the old; statements prepared on the old one fail. Also ends the
  /// old one's backend if it still runs: nothing of it can be committed afterwards. Throws
  /// DatabaseError, and may then be called again.
  void reconnect();
  /// Counts connections, so that owners of prepared statements know when to make them anew.
  unsigned generation() const { return generation_; }

  /// Runs several statements as they stand, without SOCI's parameters (colons in function bodies).
  /// Throws DatabaseError.
  void run_script(const std::string& script);
  bool in_transaction() const;

  DatabaseFailure describe(const soci::soci_error& error) const {
    return describe_failure(error, is_broken());
  }
  /// Reads with `query()`, once more on a new connection when the old one is lost.
  /// Throws DatabaseError.
  template <class Query>
  auto read(Query&& query) {
    try {
      if (is_broken()) reconnect();
      return query();
    } catch (const soci::soci_error& error) {
      DatabaseFailure failure = describe(error);
      if (failure.kind != FailureKind::connection_lost) throw DatabaseError(failure.sentence);
    }
    reconnect();
    try {
      return query();
    } catch (const soci::soci_error& error) {
      throw DatabaseError(describe(error).sentence);
    }
  }

 private:
  void connect();

  DatabaseSettings settings_;
  DatabaseRole role_;
  std::shared_ptr<soci::session> session_;
  unsigned generation_ = 0;
  int backend_pid_ = 0;  // with its start, names one backend: pids are used again
  std::string backend_start_;
};

/// Refuses a PostgreSQL that may lose what it has confirmed (fsync, full_page_writes,
/// synchronous_commit off), or one older than 15: DatabaseError with what to do. Returns warnings.
std::vector<std::string> require_safe_settings(DatabaseSession& session);

}  // namespace oberih::storage
