// SPDX-License-Identifier: Apache-2.0
// audit.export: that somebody exports, and what, stands in the journal before the answer: an
// auditor anything, whose leaves come over HTTP; a member one channel, which they have read
// already.
#pragma once

#include "protocol/wire/audit_export.hpp"
#include "server/application/services.hpp"

namespace oberih::application {

void record_export(const Services& services, const domain::Caller& caller,
                   const wire::AuditExport& request, Answer<wire::Appended> done);

}  // namespace oberih::application
