// SPDX-License-Identifier: Apache-2.0
#include "server/storage/alert_rows.hpp"

#include <soci/soci.h>

#include <algorithm>
#include <array>

#include "server/storage/sql_text.hpp"

namespace oberih::storage {
namespace {

using application::AlertRow;

constexpr std::string_view alerts_sql = R"sql(,
alerts AS (
  INSERT INTO alert (journal_index, agency, unit)
  SELECT a, decode(b, 'hex'), decode(c, 'hex')
    FROM head, unnest(cast(:x0 as bigint[]), cast(:x1 as text[]), cast(:x2 as text[]))
         AS row (a, b, c))
)sql";

// One row at least: where there is no alert, the directory's count comes alone.
constexpr std::string_view read_alerts_sql = R"sql(
SELECT directory_count, coalesce(found.journal_index, -1), coalesce(encode(found.leaf, 'hex'), '')
  FROM journal_head LEFT JOIN LATERAL (
    SELECT alert.journal_index, journal.leaf FROM alert JOIN journal USING (journal_index)
     WHERE agency = decode(:agency, 'hex') AND alert.journal_index > :after
       AND encode(unit, 'hex') = ANY (cast(:units as text[]))
     ORDER BY alert.journal_index LIMIT :limit) AS found ON true
 ORDER BY found.journal_index)sql";

}  // namespace

const std::string_view append_alerts_sql = alerts_sql;

bool AlertColumns::bind(const std::vector<AlertRow>& rows) {
  if (rows.empty()) return false;
  std::array<ArrayLiteral, alert_columns> columns;
  for (const AlertRow& row : rows) {
    columns[0].add(row.index);
    columns[1].add(row.agency.view());
    columns[2].add(row.unit.view());
  }
  for (std::size_t column = 0; column < alert_columns; ++column)
    alerts_[column] = columns[column].close();
  return true;
}

void walk_alerts(soci::session& sql, const TakeStoredAlert& take) {
  long long index = 0;
  std::string agency, unit;
  soci::statement statement =
      (sql.prepare << "SELECT journal_index, encode(agency, 'hex'), encode(unit, 'hex') FROM alert "
                      "ORDER BY journal_index",
       soci::into(index), soci::into(agency), soci::into(unit));
  statement.execute();
  while (statement.fetch())
    take({from_sql(index), fixed_from_hex<AgencyId>(agency), fixed_from_hex<UnitId>(unit)});
}

wire::AlertPage AlertQueries::load(const AgencyId& agency, const std::vector<UnitId>& units,
                                   std::uint64_t after_index, std::uint32_t limit) {
  ArrayLiteral wanted;
  for (const UnitId& unit : units) wanted.add(unit.view());
  const std::string agency_hex = to_hex(agency.view()), units_hex = wanted.close();
  const long long after = static_cast<long long>(std::min<std::uint64_t>(after_index, INT64_MAX));
  const long long one_more = static_cast<long long>(limit) + 1;
  long long directory_count = 0, index = 0;
  std::string leaf;
  soci::statement statement = (session_.sql().prepare << read_alerts_sql, soci::use(agency_hex),
                               soci::use(after), soci::use(units_hex), soci::use(one_more),
                               soci::into(directory_count), soci::into(index), soci::into(leaf));
  statement.execute();
  wire::AlertPage page;
  while (statement.fetch()) {
    page.directory_count = from_sql(directory_count);
    if (index < 0) continue;
    page.more = page.leaves.size() == limit;
    if (page.more) break;
    page.leaves.push_back({from_sql(index), bytes_from_hex(leaf)});
  }
  return page;
}

}  // namespace oberih::storage
