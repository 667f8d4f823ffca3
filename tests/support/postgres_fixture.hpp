// SPDX-License-Identifier: Apache-2.0
// Real PostgreSQL for tests: one private cluster a test program (ops/postgres-cluster, in a
// temporary folder, removed also when the program dies), a fresh migrated database for each test.
#pragma once

#include <string>

#include "server/storage/database_settings.hpp"

namespace oberih::test {

class PostgresCluster {
 public:
  /// Started when first asked for. Throws std::runtime_error.
  static PostgresCluster& shared();
  /// Of an existing database, without a role.
  std::string connection(const std::string& database) const;
  const std::string& folder() const { return folder_; }

  PostgresCluster(const PostgresCluster&) = delete;
  PostgresCluster& operator=(const PostgresCluster&) = delete;

 private:
  PostgresCluster();
  ~PostgresCluster();

  std::string folder_;
  std::string socket_;  // "host=... port=..."
  std::FILE* remover_ = nullptr;
};

class PostgresDatabase {
 public:
  PostgresDatabase();   // a migrated copy
  ~PostgresDatabase();  // dropped, whoever is still connected
  PostgresDatabase(const PostgresDatabase&) = delete;
  PostgresDatabase& operator=(const PostgresDatabase&) = delete;

  /// For the server's parts: generous time limits, two readers.
  const storage::DatabaseSettings& settings() const { return settings_; }
  const std::string& name() const { return name_; }
  /// SQL as the cluster's superuser: what an attacker with the database's password types. Several
  /// statements are one transaction. Throws std::runtime_error with PostgreSQL's words.
  void run_as_superuser(const std::string& script) const;
  /// As another role; returns the first column of the first row, empty where there is none.
  std::string ask(const std::string& role, const std::string& statement) const;

 private:
  std::string name_;
  storage::DatabaseSettings settings_;
};

}  // namespace oberih::test
