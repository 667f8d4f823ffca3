// SPDX-License-Identifier: Apache-2.0
// Up to which place of the journal alerts were shown to a person. It stores; commands/ decides.
#pragma once

#include "client-cli/keyring/sqlite_database.hpp"

namespace oberih::client {

class AlertTable {
 public:
  explicit AlertTable(SqliteDatabase& database) : database_(database) {}

  std::uint64_t shown_index();  // of the newest; 0: none yet
  /// Never goes back.
  void put_shown_index(std::uint64_t index);

 private:
  SqliteDatabase& database_;
};

}  // namespace oberih::client
