// SPDX-License-Identifier: Apache-2.0
// alert.list: for those who answer for late work, whether they sit on the roster or not.
#pragma once

#include "protocol/wire/alerts.hpp"
#include "server/application/services.hpp"

namespace oberih::application {

/// Of which units of the caller's own agency the caller sees the alerts at that time: those whose
/// list in force names the person as supervisor or as standing in for one; where a list names no
/// supervisor, and where no unit was asked (zero), devices of the role supervisor see them.
std::vector<UnitId> units_with_alerts_for(const sealing::Directory& directory,
                                          const domain::Caller& caller, Milliseconds server_ms);

void list_alerts(const Services& services, const domain::Caller& caller,
                 const wire::AlertList& request, Answer<wire::AlertPage> done);

}  // namespace oberih::application
