// SPDX-License-Identifier: Apache-2.0
// The table audit_row: how its rows are made of leaves that are committed, and held against the
// leaves by the check.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "protocol/sealing/directory.hpp"
#include "server/application/audit_row.hpp"
#include "server/storage/database_session.hpp"

namespace oberih::storage {

/// A row as it stands, nothing believed; 0 and zero where a column is NULL.
struct StoredAuditRow {
  int kind = 0, type = 0, role = 0, handling = 0;
  std::uint32_t refusal = 0;
  DeviceId device;
  AgencyId agency;
  ChannelId channel;
  TaskId task;
  HearingId hearing;
};
/// The columns that say something else than the leaf, as "a, b"; empty when none does.
std::string differing_audit_columns(const StoredAuditRow& stored,
                                    const application::AuditRow& expected);

/// Walks the journal behind the rows that are there and makes those that are missing, in portions.
/// One at a time writes: a second one is refused by the primary key. After an exception it must not
/// be used again; a new one goes on where the rows end. Throws DatabaseError.
class AuditRowMaker {
 public:
  explicit AuditRowMaker(const DatabaseSettings& settings);

  /// Of the leaf that comes next: below it every leaf has its row.
  std::uint64_t next() const { return next_; }
  /// How many leaves were gone through; 0: nothing was left to do.
  std::uint64_t make_portion();

 private:
  void find_place();
  void load_directory();
  /// Leaves that `condition` takes, whose `:bound` that index is, ascending.
  void read_leaves(const std::string& condition, std::uint64_t bound,
                   const std::function<void(const Bytes& data, std::uint64_t index)>& take);
  void take_directory_leaf(const Bytes& data, std::uint64_t index);
  void take_leaf(const Bytes& data, std::uint64_t index);
  void write_rows();

  DatabaseSession reader_, writer_;
  sealing::Directory directory_;
  std::vector<application::AuditRow> rows_;
  std::uint64_t next_ = 0;
};

}  // namespace oberih::storage
