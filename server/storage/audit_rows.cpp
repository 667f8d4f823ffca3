// SPDX-License-Identifier: Apache-2.0
#include "server/storage/audit_rows.hpp"

#include <soci/soci.h>

#include <array>

#include "server/application/audit_row.hpp"
#include "server/storage/check_report.hpp"
#include "server/storage/database_session.hpp"
#include "server/storage/sql_text.hpp"

namespace oberih::storage {
namespace {

using application::AuditRow;

// Of the statement that appends, and of the one that fills: $HEAD stands before the arrays.
constexpr std::string_view insert_audit_sql = R"sql(
  INSERT INTO audit_row (journal_index, kind, type, role, handling, refusal, device, agency,
                         channel_id, task_id, hearing_id)
  SELECT a, b, c, nullif(d, 0), nullif(e, 0), nullif(f, 0), decode(nullif(g, ''), 'hex'),
         decode(nullif(h, ''), 'hex'), decode(nullif(i, ''), 'hex'), decode(nullif(j, ''), 'hex'),
         decode(nullif(k, ''), 'hex')
    FROM $HEAD unnest(cast(:u0 as bigint[]), cast(:u1 as smallint[]), cast(:u2 as smallint[]),
         cast(:u3 as smallint[]), cast(:u4 as smallint[]), cast(:u5 as integer[]),
         cast(:u6 as text[]), cast(:u7 as text[]), cast(:u8 as text[]), cast(:u9 as text[]),
         cast(:u10 as text[])) AS row (a, b, c, d, e, f, g, h, i, j, k))sql";

std::string insert_with(std::string_view head) {
  std::string sql(insert_audit_sql);
  return sql.replace(sql.find("$HEAD"), 5, head);
}

const std::string append_text = ",\naudits AS (" + insert_with("head,") + ")\n";

template <class Id>
ByteView view_or_none(const Id& id) {
  return id.is_zero() ? ByteView{} : id.view();
}

constexpr int rows_per_portion = 1'000;
constexpr std::uint64_t rows_between_reports = 100'000;

/// Walks the journal behind the rows that are there.
class AuditFiller {
 public:
  AuditFiller(const DatabaseSettings& settings, std::uint64_t first)
      : reader_(settings, DatabaseRole::reader),
        writer_(settings, DatabaseRole::writer),
        next_(first) {}

  void load_directory() {
    long long index = 0, below = static_cast<long long>(next_);
    std::string leaf;
    soci::statement statement =
        (reader_.sql().prepare << "SELECT journal_index, encode(leaf, 'hex') FROM journal "
                                  "WHERE kind IN (0, 1, 2, 3, 14, 15) AND journal_index < :below "
                                  "ORDER BY journal_index",
         soci::use(below), soci::into(index), soci::into(leaf));
    statement.execute();
    while (statement.fetch()) take_directory_leaf(bytes_from_hex(leaf), from_sql(index));
  }

  /// False: nothing was left to do.
  bool fill_portion() {
    rows_.clear();
    long long index = 0, from = static_cast<long long>(next_);
    std::string data;
    soci::statement statement =
        (reader_.sql().prepare << "SELECT journal_index, encode(leaf, 'hex') FROM journal "
                                  "WHERE journal_index >= :from ORDER BY journal_index LIMIT "
                               << rows_per_portion,
         soci::use(from), soci::into(index), soci::into(data));
    statement.execute();
    while (statement.fetch()) take_leaf(bytes_from_hex(data), from_sql(index));
    if (rows_.empty()) return false;
    write();
    return true;
  }

  std::uint64_t next() const { return next_; }

 private:
  void take_directory_leaf(const Bytes& data, std::uint64_t index) {
    // What is broken `oberihd check` names; here it must not keep the server from starting.
    if (!directory_.apply_leaf(data, index)) return;
  }

  void take_leaf(const Bytes& data, std::uint64_t index) {
    next_ = index + 1;
    const Result<journal::Leaf> leaf = journal::parse_leaf(data);
    if (!leaf) return;
    if (journal::is_directory_kind(leaf->kind)) take_directory_leaf(data, index);
    rows_.push_back(application::audit_row_of(index, *leaf, directory_));
  }

  void write() {
    AuditColumns columns;
    columns.bind(rows_);
    soci::statement statement(writer_.sql());
    for (std::string& column : columns.rows()) statement.exchange(soci::use(column));
    statement.alloc();
    statement.prepare(insert_with(""));
    statement.define_and_bind();
    statement.execute(true);
  }

  DatabaseSession reader_, writer_;
  sealing::Directory directory_;
  std::vector<AuditRow> rows_;
  std::uint64_t next_;
};

}  // namespace

const std::string_view append_audit_sql = append_text;

void AuditColumns::bind(const std::vector<AuditRow>& rows) {
  std::array<ArrayLiteral, audit_columns> columns;
  for (const AuditRow& row : rows) {
    const sealing::LeafFacts& facts = row.facts;
    columns[0].add(row.index);
    columns[1].add(static_cast<std::uint64_t>(facts.kind));
    columns[2].add(std::uint64_t{facts.type});
    columns[3].add(std::uint64_t{row.actor ? sealing::number_of(row.actor->role) : 0U});
    columns[4].add(std::uint64_t{facts.handling});
    columns[5].add(std::uint64_t{facts.refusal});
    columns[6].add(view_or_none(facts.device));
    columns[7].add(row.actor ? view_or_none(row.actor->agency) : ByteView{});
    columns[8].add(view_or_none(row.channel));
    columns[9].add(view_or_none(facts.task));
    columns[10].add(view_or_none(facts.hearing));
  }
  for (std::size_t column = 0; column < audit_columns; ++column)
    rows_[column] = columns[column].close();
}

std::string differing_audit_columns(const StoredAuditRow& stored, const AuditRow& expected) {
  const sealing::LeafFacts& facts = expected.facts;
  const auto& actor = expected.actor;
  return differing_columns(
      {{"kind", stored.kind == static_cast<int>(facts.kind)},
       {"type", stored.type == int{facts.type}},
       {"role", stored.role == (actor ? int{sealing::number_of(actor->role)} : 0)},
       {"handling", stored.handling == int{facts.handling}},
       {"refusal", stored.refusal == facts.refusal},
       {"device", stored.device == facts.device},
       {"agency", stored.agency == (actor ? actor->agency : AgencyId{})},
       {"channel_id", stored.channel == expected.channel},
       {"task_id", stored.task == facts.task},
       {"hearing_id", stored.hearing == facts.hearing}});
}

std::uint64_t fill_audit_rows(
    const DatabaseSettings& settings,
    const std::function<void(std::uint64_t done, std::uint64_t in_all)>& progress) {
  DatabaseSession session(settings, DatabaseRole::reader);
  try {
    long long first = 0, size = 0;
    session.sql() << "SELECT (SELECT coalesce(max(journal_index) + 1, 0) FROM audit_row), "
                     "(SELECT size FROM journal_head)",
        soci::into(first), soci::into(size);
    if (first >= size) return 0;
    AuditFiller filler(settings, from_sql(first));
    filler.load_directory();
    for (std::uint64_t told = from_sql(first); filler.fill_portion();) {
      if (!progress || filler.next() - told < rows_between_reports) continue;
      told = filler.next();
      progress(told, from_sql(size));
    }
    return filler.next() - from_sql(first);
  } catch (const soci::soci_error& error) {
    throw DatabaseError(session.describe(error).sentence);
  }
}

}  // namespace oberih::storage
