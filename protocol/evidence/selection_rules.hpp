// SPDX-License-Identifier: Apache-2.0
// Which channels a selection is of: one rule for who makes it and for who checks it.
#pragma once

#include "protocol/evidence/export_report.hpp"
#include "protocol/sealing/directory.hpp"

namespace oberih::evidence {

/// Why the channel is none that was asked for, in words; null where it may be one. That something
/// stands in it from the period's beginning on is not looked at: of a channel that is shown it may
/// stand behind the period's end. `report`: of whoever looked for the case of the query.
const char* find_misfit(const ExportQuery& query, const ChannelReport& report,
                        const sealing::Directory& directory);

}  // namespace oberih::evidence
