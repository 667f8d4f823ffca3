// SPDX-License-Identifier: Apache-2.0
#include "server/storage/audit_queries.hpp"

#include <soci/soci.h>

#include <algorithm>

#include "protocol/base/limits.hpp"
#include "server/storage/sql_text.hpp"

namespace oberih::storage {
namespace {

using application::AuditWish;

std::string number(std::uint64_t value) {
  return std::to_string(std::min<std::uint64_t>(value, INT64_MAX));
}

template <class Id>
std::string id_literal(const Id& id) {
  return "decode('" + to_hex(id.view()) + "', 'hex')";
}

/// What joins by AND: a column and what it must be.
class Conditions {
 public:
  void add(std::string condition) { text_ += " AND " + std::move(condition); }
  template <class Tag, std::size_t N>
  void add(const char* column, const std::optional<FixedBytes<Tag, N>>& id) {
    if (id) add(std::string(column) + " = " + id_literal(*id));
  }
  void add(const char* column, std::optional<std::uint64_t> value) {
    if (value) add(std::string(column) + " = " + number(*value));
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

template <class Value>
std::optional<std::uint64_t> as_number(const std::optional<Value>& value) {
  if (!value) return std::nullopt;
  return static_cast<std::uint64_t>(*value);
}

std::string conditions_of(const AuditWish& wish, std::uint64_t from_index) {
  const sealing::AuditFilter& filter = wish.filter;
  Conditions all;
  all.add("journal_index >= " + number(from_index));
  all.add("journal_index < " + number(wish.size));
  if (filter.from_ms)
    all.add("journal_index >= (SELECT first_index_at(" + number(*filter.from_ms) + "))");
  if (filter.to_ms)
    all.add("journal_index < (SELECT first_index_at(" + number(*filter.to_ms) + "))");
  all.add("device", filter.device);
  all.add("agency", filter.agency);
  all.add("role", filter.role ? std::optional<std::uint64_t>(sealing::number_of(*filter.role))
                              : std::nullopt);
  all.add("channel_id", filter.channel);
  all.add("kind", as_number(filter.kind));
  all.add("type", as_number(filter.type));
  all.add("task_id", filter.task);
  all.add("hearing_id", filter.hearing);
  all.add("handling", as_number(filter.handling));
  all.add("refusal", as_number(filter.refusal));
  return all.text();
}

std::string part_of(const std::string& conditions, std::uint64_t most) {
  return "(SELECT journal_index FROM audit_row WHERE true" + conditions +
         " ORDER BY journal_index LIMIT " + number(most) + ")";
}

}  // namespace

// A person's devices are asked one by one, each by its index, and merged: of a list of devices the
// planner would read all rows and sort them.
std::string audit_index_sql(const AuditWish& wish, std::uint64_t from_index, std::uint64_t most) {
  const std::string conditions = conditions_of(wish, from_index);
  if (!wish.filter.person) return part_of(conditions, most);
  std::string parts;
  for (const DeviceId& device : wish.devices)
    parts += (parts.empty() ? "" : " UNION ALL ") +
             part_of(conditions + " AND device = " + id_literal(device), most);
  if (parts.empty()) return "(SELECT journal_index FROM audit_row WHERE false)";
  return "(SELECT journal_index FROM (" + parts + ") AS of_devices ORDER BY journal_index LIMIT " +
         number(most) + ")";
}

wire::AuditPage AuditQueries::load(const AuditWish& wish) {
  wire::AuditPage page;
  // As in pages of channels: what does not fit is never read from TOAST.
  const std::string sql =
      "SELECT journal_index, CASE WHEN place = 1 OR (place <= " + number(wish.limit) +
      " AND weight <= " + std::to_string(limits::page_bytes) +
      ") THEN encode(leaf, 'hex') ELSE '' END, (SELECT directory_count FROM journal_head) FROM ("
      "SELECT journal_index, leaf, row_number() OVER sequence AS place, "
      "sum(octet_length(leaf) * 4 / 3 + 60) OVER sequence AS weight FROM ("
      "SELECT found.journal_index, (SELECT leaf FROM journal AS j WHERE j.journal_index = "
      "found.journal_index) AS leaf FROM " +
      audit_index_sql(wish, wish.from_index, std::uint64_t{wish.limit} + 1) +
      " AS found OFFSET 0) AS held WINDOW sequence AS (ORDER BY journal_index)) AS measured "
      "ORDER BY journal_index";
  long long index = 0, directory_count = 0;
  std::string leaf;
  {
    soci::statement statement(session_.sql());
    statement.exchange(soci::into(index));
    statement.exchange(soci::into(leaf));
    statement.exchange(soci::into(directory_count));
    statement.alloc();
    statement.prepare(sql);
    statement.define_and_bind();
    statement.execute();
    while (statement.fetch()) {
      page.directory_count = from_sql(directory_count);
      if (leaf.empty()) {
        page.more = true;
        break;
      }
      page.leaves.push_back({from_sql(index), bytes_from_hex(leaf)});
    }
  }
  if (page.leaves.empty())
    session_.sql() << "SELECT directory_count FROM journal_head", soci::into(directory_count);
  page.directory_count = from_sql(directory_count);
  if (!wish.count) return page;
  long long count = 0;
  session_.sql() << "SELECT count(*) FROM " + audit_index_sql(wish, 0, wire::audit_count_at_most) +
                        " AS found",
      soci::into(count);
  page.count = from_sql(count);
  return page;
}

Bytes AuditQueries::load_leaf(std::uint64_t index) {
  long long wanted = static_cast<long long>(std::min<std::uint64_t>(index, INT64_MAX));
  std::string leaf;
  session_.sql() << "SELECT encode(leaf, 'hex') FROM journal WHERE journal_index = :index",
      soci::use(wanted), soci::into(leaf);
  if (!session_.sql().got_data()) throw DatabaseError("a committed leaf is missing");
  return bytes_from_hex(leaf);
}

}  // namespace oberih::storage
