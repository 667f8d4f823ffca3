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

constexpr std::string_view insert_sql = R"sql(
  INSERT INTO audit_row (journal_index, kind, type, role, handling, refusal, device, agency,
                         channel_id, task_id, hearing_id)
  SELECT a, b, c, nullif(d, 0), nullif(e, 0), nullif(f, 0), decode(nullif(g, ''), 'hex'),
         decode(nullif(h, ''), 'hex'), decode(nullif(i, ''), 'hex'), decode(nullif(j, ''), 'hex'),
         decode(nullif(k, ''), 'hex')
    FROM unnest(cast(:u0 as bigint[]), cast(:u1 as smallint[]), cast(:u2 as smallint[]),
         cast(:u3 as smallint[]), cast(:u4 as smallint[]), cast(:u5 as integer[]),
         cast(:u6 as text[]), cast(:u7 as text[]), cast(:u8 as text[]), cast(:u9 as text[]),
         cast(:u10 as text[])) AS row (a, b, c, d, e, f, g, h, i, j, k))sql";
constexpr std::size_t column_count = 11;
using Columns = std::array<std::string, column_count>;

constexpr int rows_per_portion = 1'000;

template <class Id>
ByteView view_or_none(const Id& id) {
  return id.is_zero() ? ByteView{} : id.view();
}

Columns columns_of(const std::vector<AuditRow>& rows) {
  std::array<ArrayLiteral, column_count> arrays;
  for (const AuditRow& row : rows) {
    const sealing::LeafFacts& facts = row.facts;
    arrays[0].add(row.index);
    arrays[1].add(static_cast<std::uint64_t>(facts.kind));
    arrays[2].add(std::uint64_t{facts.type});
    arrays[3].add(std::uint64_t{row.actor ? sealing::number_of(row.actor->role) : 0U});
    arrays[4].add(std::uint64_t{facts.handling});
    arrays[5].add(std::uint64_t{facts.refusal});
    arrays[6].add(view_or_none(facts.device));
    arrays[7].add(row.actor ? view_or_none(row.actor->agency) : ByteView{});
    arrays[8].add(view_or_none(row.channel));
    arrays[9].add(view_or_none(facts.task));
    arrays[10].add(view_or_none(facts.hearing));
  }
  Columns columns;
  for (std::size_t column = 0; column < column_count; ++column)
    columns[column] = arrays[column].close();
  return columns;
}

}  // namespace

AuditRowMaker::AuditRowMaker(const DatabaseSettings& settings)
    : reader_(settings, DatabaseRole::reader), writer_(settings, DatabaseRole::writer) {
  try {
    find_place();
    load_directory();
  } catch (const soci::soci_error& error) {
    throw DatabaseError(reader_.describe(error).sentence);
  }
}

void AuditRowMaker::find_place() {
  long long next = 0;
  // A row beside no leaf, which `oberihd check` names, must not pass for the last one.
  reader_.sql() << "SELECT coalesce(max(journal_index) + 1, 0) FROM audit_row "
                   "WHERE journal_index < (SELECT size FROM journal_head)",
      soci::into(next);
  next_ = from_sql(next);
}

void AuditRowMaker::read_leaves(
    const std::string& condition, std::uint64_t bound,
    const std::function<void(const Bytes& data, std::uint64_t index)>& take) {
  long long index = 0, bound_value = static_cast<long long>(bound);
  std::string leaf;
  soci::statement statement =
      (reader_.sql().prepare << "SELECT journal_index, encode(leaf, 'hex') FROM journal WHERE "
                             << condition,
       soci::use(bound_value), soci::into(index), soci::into(leaf));
  statement.execute();
  while (statement.fetch()) take(bytes_from_hex(leaf), from_sql(index));
}

void AuditRowMaker::load_directory() {
  read_leaves(
      "kind IN (0, 1, 2, 3, 14, 15) AND journal_index < :bound ORDER BY journal_index", next_,
      [this](const Bytes& data, std::uint64_t index) { take_directory_leaf(data, index); });
}

void AuditRowMaker::take_directory_leaf(const Bytes& data, std::uint64_t index) {
  // What is broken `oberihd check` names; here it must not keep the others from being found.
  if (!directory_.apply_leaf(data, index)) return;
}

std::uint64_t AuditRowMaker::make_portion() {
  const std::uint64_t first = next_;
  rows_.clear();
  try {
    read_leaves("journal_index >= :bound ORDER BY journal_index LIMIT " +
                    std::to_string(rows_per_portion),
                next_, [this](const Bytes& data, std::uint64_t index) { take_leaf(data, index); });
    if (!rows_.empty()) write_rows();
  } catch (const soci::soci_error& error) {
    throw DatabaseError(writer_.describe(error).sentence);
  }
  return next_ - first;
}

void AuditRowMaker::take_leaf(const Bytes& data, std::uint64_t index) {
  next_ = index + 1;
  const Result<journal::Leaf> leaf = journal::parse_leaf(data);
  if (!leaf) return;
  if (journal::is_directory_kind(leaf->kind)) take_directory_leaf(data, index);
  rows_.push_back(application::audit_row_of(index, *leaf, directory_));
}

void AuditRowMaker::write_rows() {
  Columns columns = columns_of(rows_);
  soci::statement statement(writer_.sql());
  for (std::string& column : columns) statement.exchange(soci::use(column));
  statement.alloc();
  statement.prepare(std::string(insert_sql));
  statement.define_and_bind();
  statement.execute(true);
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

}  // namespace oberih::storage
