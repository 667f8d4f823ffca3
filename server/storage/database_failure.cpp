// SPDX-License-Identifier: Apache-2.0
#include "server/storage/database_failure.hpp"

#include <soci/postgresql/soci-postgresql.h>

#include <string_view>

namespace oberih::storage {
namespace {

bool is_one_of(std::string_view code, std::initializer_list<std::string_view> codes) {
  for (std::string_view candidate : codes)
    if (code == candidate) return true;
  return false;
}

FailureKind kind_of(std::string_view sqlstate) {
  if (sqlstate.starts_with("08") || is_one_of(sqlstate, {"57P01", "57P02", "57P03", "25006"}))
    return FailureKind::connection_lost;
  if (is_one_of(sqlstate, {"40001", "40P01"})) return FailureKind::conflict;
  if (sqlstate.starts_with("53") || is_one_of(sqlstate, {"55P03", "57014"}))
    return FailureKind::overloaded;
  if (sqlstate == "23505") return FailureKind::unique_violation;
  return FailureKind::other;
}

// The first line is the primary message; DETAIL and CONTEXT below it may hold values.
std::string first_line(const std::string& message) {
  std::string line = message.substr(0, message.find('\n'));
  if (line.size() > 300) line.resize(300);
  return line;
}

// `duplicate key value violates unique constraint "name"`; the quotes stand in every language.
std::string quoted_name(const std::string& line) {
  std::size_t end = line.rfind('"');
  if (end == std::string::npos || end == 0) return {};
  std::size_t begin = line.rfind('"', end - 1);
  return begin == std::string::npos ? std::string{} : line.substr(begin + 1, end - begin - 1);
}

// These classes quote the offending value in the primary message itself (22P02: invalid input ...).
bool quotes_values(std::string_view sqlstate) { return sqlstate.starts_with("22"); }

}  // namespace

DatabaseFailure describe_failure(const soci::soci_error& error, bool connection_is_broken) {
  DatabaseFailure failure;
  if (const auto* from_server = dynamic_cast<const soci::postgresql_soci_error*>(&error))
    failure.sqlstate = from_server->sqlstate();
  failure.kind = connection_is_broken ? FailureKind::connection_lost : kind_of(failure.sqlstate);
  std::string line = first_line(error.get_error_message());
  if (failure.kind == FailureKind::unique_violation) failure.constraint = quoted_name(line);
  failure.sentence = "PostgreSQL";
  if (failure.sqlstate.find_first_not_of(' ') != std::string::npos)
    failure.sentence += " (SQLSTATE " + failure.sqlstate + ")";
  failure.sentence += quotes_values(failure.sqlstate) ? ": data exception" : ": " + line;
  return failure;
}

}  // namespace oberih::storage
