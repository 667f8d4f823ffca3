// SPDX-License-Identifier: Apache-2.0
#include "server/storage/serving_lock.hpp"

#include <soci/soci.h>

#include <thread>

namespace oberih::storage {
namespace {

constexpr int tries = 10;
constexpr std::chrono::milliseconds pause{100};

}  // namespace

ServingLock::ServingLock(const DatabaseSettings& settings, WhenTaken when)
    : session_(settings, DatabaseRole::writer) {
  for (int left = when == WhenTaken::give_up ? 1 : tries; !try_lock();
       std::this_thread::sleep_for(pause))
    if (--left == 0)
      throw DatabaseError(
          "Another oberihd serves this database. Two would be harmless to the journal, but only "
          "one may sign: stop the other one first.");
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

ServingLockState ServingLock::keep() {
  try {
    return try_lock() ? ServingLockState::held : ServingLockState::taken_by_another;
  } catch (const DatabaseError&) {
    return ServingLockState::database_away;
  }
}

}  // namespace oberih::storage
