// SPDX-License-Identifier: Apache-2.0
// One process at a time serves, signs and publishes: an advisory lock, held on a connection of its
// own as long as that lives. Convenience for operators, not the fence: that is the journal's head
// row.
#pragma once

#include "server/storage/database_session.hpp"

namespace oberih::storage {

class ServingLock {
 public:
  /// Throws DatabaseError when another process serves this database.
  explicit ServingLock(const DatabaseSettings& settings);

  /// Sees whether the lock is still held and takes it again after a lost connection. False: another
  /// process serves now, or the database cannot be reached; stop signing.
  [[nodiscard]] bool keep();

 private:
  bool try_lock();

  DatabaseSession session_;
  unsigned locked_generation_ = 0;
};

}  // namespace oberih::storage
