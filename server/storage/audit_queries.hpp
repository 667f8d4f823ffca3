// SPDX-License-Identifier: Apache-2.0
// What auditors ask, on a reader's session: leaves that fit a filter, by the indexes of audit_row.
#pragma once

#include "server/application/ports.hpp"
#include "server/storage/database_session.hpp"

namespace oberih::storage {

/// The statement that finds indexes of leaves below `wish.size` which fit, ascending, at most
/// `most`; literals in it come from numbers and hexadecimal digits alone.
std::string audit_index_sql(const application::AuditWish& wish, std::uint64_t from_index,
                            std::uint64_t most);

class AuditQueries {
 public:
  explicit AuditQueries(DatabaseSession& session) : session_(session) {}

  /// All but `asked`. Throws soci::soci_error.
  wire::AuditPage load(const application::AuditWish& wish);
  /// Throws soci::soci_error; DatabaseError where there is none.
  Bytes load_leaf(std::uint64_t index);

 private:
  DatabaseSession& session_;
};

}  // namespace oberih::storage
