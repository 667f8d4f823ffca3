// SPDX-License-Identifier: Apache-2.0
// The table audit_row: how its rows are written with their leaves, held against the leaves by the
// check, and made for leaves that were there before the table was.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "server/application/batch_rows.hpp"
#include "server/storage/database_settings.hpp"

namespace oberih::storage {

extern const std::string_view append_audit_sql;  // its part of the append statement

class AuditColumns {
 public:
  std::vector<std::string>& rows() { return rows_; }
  void bind(const std::vector<application::AuditRow>& rows);

 private:
  static constexpr std::size_t audit_columns = 11;
  std::vector<std::string> rows_{audit_columns};
};

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

/// Makes the rows that are missing behind the newest one of the table, in portions, and returns how
/// many. `progress` is told now and then how many leaves of how many are done. The journal must
/// not be written meanwhile. Throws DatabaseError.
std::uint64_t fill_audit_rows(
    const DatabaseSettings& settings,
    const std::function<void(std::uint64_t done, std::uint64_t in_all)>& progress);

}  // namespace oberih::storage
