// SPDX-License-Identifier: Apache-2.0
// A docket as CSV. Its first line names the columns, in Ukrainian or English, in any order.
#pragma once

#include "client-cli/docket/docket.hpp"

namespace oberih::client {

/// Refusal: docket_invalid: no head, a column that is needed is missing or stands twice, too many
/// rows. Whatever is wrong with one row refuses that row alone.
Result<Docket> read_csv_docket(std::string_view text);

}  // namespace oberih::client
