// SPDX-License-Identifier: Apache-2.0
#include "server/storage/serving_lock.hpp"

#include <soci/soci.h>

namespace oberih::storage {

ServingLock::ServingLock(const DatabaseSettings& settings)
    : session_(settings, DatabaseRole::writer) {
  if (!try_lock())
    throw DatabaseError(
        "Another oberihd serves this database. Two would be harmless to the journal, but only one "
        "may sign: stop the other one first.");
}

// The lock is per database: PostgreSQL keeps advisory locks of databases apart.
bool ServingLock::try_lock() {
  return session_.read([&] {
    if (locked_generation_ == session_.generation()) {
      int alive = 0;
      session_.sql() << "SELECT 1", soci::into(alive);
      return true;
    }
    int locked = 0;
    session_.sql() << "SELECT cast(pg_try_advisory_lock(7020394721) as int)", soci::into(locked);
    if (locked == 1) locked_generation_ = session_.generation();
    return locked == 1;
  });
}

bool ServingLock::keep() {
  try {
    return try_lock();
  } catch (const DatabaseError&) {
    return false;
  }
}

}  // namespace oberih::storage
