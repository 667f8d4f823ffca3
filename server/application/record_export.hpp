// SPDX-License-Identifier: Apache-2.0
// audit.export: that an auditor exports, and what, stands in the journal before the answer. Whoever
// may read the leaves of all channels may export them; the leaves themselves come over HTTP.
#pragma once

#include "protocol/wire/audit_export.hpp"
#include "server/application/services.hpp"

namespace oberih::application {

void record_export(const Services& services, const domain::Caller& caller,
                   const wire::AuditExport& request, Answer<wire::Appended> done);

}  // namespace oberih::application
