// SPDX-License-Identifier: Apache-2.0
#include "server/storage/cosignature_store.hpp"

#include <soci/soci.h>

#include "server/storage/sql_text.hpp"

namespace oberih::storage {

void PostgresCosignatureStore::store(
    const std::vector<application::StoredCosignature>& cosignatures) {
  for (const application::StoredCosignature& each : cosignatures) {
    const long long size = to_sql(each.size), cosigned_s = to_sql(each.cosigned_s);
    session_.read([&] {
      session_.sql() << "INSERT INTO cosignature (size, witness, cosigned_s, line) "
                        "VALUES (:size, :witness, :cosigned_s, :line) ON CONFLICT DO NOTHING",
          soci::use(size), soci::use(each.witness), soci::use(cosigned_s), soci::use(each.line);
      return true;
    });
  }
}

std::vector<std::string> PostgresCosignatureStore::load_newest_notes(std::size_t most) {
  const int limit = static_cast<int>(most);
  return session_.read([&] {
    std::vector<std::string> notes;
    std::string note;
    soci::statement statement =
        (session_.sql().prepare
             << "WITH newest AS (SELECT DISTINCT size FROM cosignature ORDER BY size DESC LIMIT "
                ":most), lines AS (SELECT DISTINCT ON (size, witness) size, witness, line FROM "
                "cosignature WHERE size >= (SELECT min(size) FROM newest) "
                "ORDER BY size, witness, cosigned_s DESC) "
                "SELECT c.note || string_agg(l.line, '' ORDER BY l.witness) FROM lines l "
                "JOIN checkpoint c USING (size) GROUP BY c.size, c.note ORDER BY c.size DESC",
         soci::use(limit), soci::into(note));
    statement.execute();
    while (statement.fetch()) notes.push_back(note);
    return notes;
  });
}

}  // namespace oberih::storage
