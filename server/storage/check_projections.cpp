// SPDX-License-Identifier: Apache-2.0
// Of check_cursor.hpp: the tables of projections, and name cards, row by row.
#include <soci/soci.h>

#include "server/storage/check_cursor.hpp"
#include "server/storage/sql_text.hpp"

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

std::optional<std::string> CheckCursor::load_checkpoint_note(std::uint64_t size) {
  try {
    const long long wanted = to_sql(size);
    std::string note;
    session_.sql() << "SELECT note FROM checkpoint WHERE size = :size", soci::use(wanted),
        soci::into(note);
    if (!session_.sql().got_data()) return std::nullopt;
    return note;
  } catch (const soci::soci_error& error) {
    throw DatabaseError(session_.describe(error).sentence);
  }
}

void CheckCursor::walk_cosignatures(const TakeStoredCosignature& take) {
  constexpr int page_rows = 500;
  try {
    application::StoredCosignature last;
    for (int fetched = page_rows; fetched == page_rows;) {
      const long long from_size = to_sql(last.size), from_s = to_sql(last.cosigned_s);
      const std::string from_witness = last.witness;
      long long size = 0, cosigned_s = 0;
      std::string witness, line, note;
      soci::statement statement =
          (session_.sql().prepare
               << "SELECT w.size, w.witness, w.cosigned_s, w.line, coalesce(c.note, '') "
                  "FROM cosignature w LEFT "
                  "JOIN checkpoint c USING (size) "
                  "WHERE (w.size, w.witness, w.cosigned_s) > (:size, :witness, :cosigned_s) "
                  "ORDER BY w.size, w.witness, w.cosigned_s LIMIT :limit",
           soci::use(from_size), soci::use(from_witness), soci::use(from_s), soci::use(page_rows),
           soci::into(size), soci::into(witness), soci::into(cosigned_s), soci::into(line),
           soci::into(note));
      statement.execute();
      for (fetched = 0; statement.fetch(); ++fetched) {
        last = {from_sql(size), witness, from_sql(cosigned_s), line};
        take(last, note);
      }
    }
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

void CheckCursor::walk_name_cards(const std::function<void(const sealing::NameCard&)>& take) {
  try {
    std::string device, salt, name, languages;
    soci::statement statement =
        (session_.sql().prepare << "SELECT encode(device, 'hex'), encode(salt, 'hex'), name, "
                                   "languages FROM name_card ORDER BY device",
         soci::into(device), soci::into(salt), soci::into(name), soci::into(languages));
    statement.execute();
    while (statement.fetch())
      take({fixed_from_hex<DeviceId>(device), fixed_from_hex<NameSalt>(salt), name, languages});
  } catch (const soci::soci_error& error) {
    throw DatabaseError(session_.describe(error).sentence);
  }
}

}  // namespace oberih::storage
