// SPDX-License-Identifier: Apache-2.0
// Of check_cursor.hpp: the tables of projections, row by row.
#include <soci/soci.h>

#include "server/storage/check_cursor.hpp"

namespace oberih::storage {

void CheckCursor::walk_tasks(const TakeStoredTask& take) {
  try {
    storage::walk_tasks(session_.sql(), take);
  } catch (const soci::soci_error& error) {
    throw DatabaseError(session_.describe(error).sentence);
  }
}

void CheckCursor::walk_wakes(const TakeStoredWake& take) {
  try {
    storage::walk_wakes(session_.sql(), take);
  } catch (const soci::soci_error& error) {
    throw DatabaseError(session_.describe(error).sentence);
  }
}

void CheckCursor::walk_alerts(const TakeStoredAlert& take) {
  try {
    storage::walk_alerts(session_.sql(), take);
  } catch (const soci::soci_error& error) {
    throw DatabaseError(session_.describe(error).sentence);
  }
}

void CheckCursor::walk_asked(const TakeStoredAsked& take) {
  try {
    storage::walk_asked(session_.sql(), take);
  } catch (const soci::soci_error& error) {
    throw DatabaseError(session_.describe(error).sentence);
  }
}

void CheckCursor::walk_hearings(const TakeStoredHearing& take) {
  try {
    storage::walk_hearings(session_.sql(), take);
  } catch (const soci::soci_error& error) {
    throw DatabaseError(session_.describe(error).sentence);
  }
}

std::uint64_t CheckCursor::load_asked_begin() {
  try {
    return storage::load_asked_begin(session_.sql());
  } catch (const soci::soci_error& error) {
    throw DatabaseError(session_.describe(error).sentence);
  }
}

}  // namespace oberih::storage
