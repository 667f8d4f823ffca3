// SPDX-License-Identifier: Apache-2.0
// One process at a time serves, signs and publishes: an advisory lock, held on a connection of its
// own as long as that lives. Convenience for operators, not the fence: that is the journal's head
// row.
#pragma once

#include "server/storage/database_session.hpp"

namespace oberih::storage {

enum class ServingLockState { held, database_away, taken_by_another };

class ServingLock {
 public:
  enum class WhenTaken { give_up, wait_a_moment };
  /// Throws DatabaseError when another process serves this database. A moment's wait is for the
  /// backend of a server that was just killed and may not have noticed yet.
  explicit ServingLock(const DatabaseSettings& settings, WhenTaken when = WhenTaken::give_up);

  /// Sees whether the lock is still held and takes it again after a lost connection.
  [[nodiscard]] ServingLockState keep();

 private:
  bool try_lock();

  DatabaseSession session_;
  unsigned locked_generation_ = 0;
};

}  // namespace oberih::storage
