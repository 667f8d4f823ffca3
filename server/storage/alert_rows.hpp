// SPDX-License-Identifier: Apache-2.0
// The table alert: how its rows are written with their leaves, walked by the check, and read for
// those who answer for the work.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/wire/alerts.hpp"
#include "server/application/ports.hpp"
#include "server/storage/database_session.hpp"

namespace oberih::storage {

extern const std::string_view append_alerts_sql;  // its part of the append statement

class AlertColumns {
 public:
  std::vector<std::string>& alerts() { return alerts_; }
  /// False: there are none, nothing was bound.
  bool bind(const std::vector<application::AlertRow>& rows);

 private:
  static constexpr std::size_t alert_columns = 3;
  std::vector<std::string> alerts_{alert_columns};
};

using TakeStoredAlert = std::function<void(const application::AlertRow&)>;
/// Ascending. Throws soci::soci_error.
void walk_alerts(soci::session& sql, const TakeStoredAlert& take);

class AlertQueries {
 public:
  explicit AlertQueries(DatabaseSession& session) : session_(session) {}

  /// Of these units behind `after_index`, one statement, hence one snapshot. Throws
  /// soci::soci_error.
  wire::AlertPage load(const AgencyId& agency, const std::vector<UnitId>& units,
                       std::uint64_t after_index, std::uint32_t limit);

 private:
  DatabaseSession& session_;
};

}  // namespace oberih::storage
