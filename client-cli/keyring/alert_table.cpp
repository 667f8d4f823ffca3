// SPDX-License-Identifier: Apache-2.0
#include "client-cli/keyring/alert_table.hpp"

namespace oberih::client {

std::uint64_t AlertTable::shown_index() {
  Statement statement = database_.prepare("SELECT max(shown_index) FROM alert_mark");
  return statement.step() && !statement.is_null(0) ? statement.integer(0) : 0;
}

void AlertTable::put_shown_index(std::uint64_t index) {
  database_
      .prepare(
          "INSERT INTO alert_mark VALUES(1, ?) ON CONFLICT(single) DO UPDATE SET"
          " shown_index = max(shown_index, excluded.shown_index)")
      .bind(index)
      .run();
}

}  // namespace oberih::client
