// SPDX-License-Identifier: Apache-2.0
// audit.read: a channel for an auditor. The question is committed to the journal before anything is
// given; what is given is every leaf, and of contents what the auditor's grants in force open.
#pragma once

#include "protocol/wire/audit_reads.hpp"
#include "protocol/wire/replies.hpp"
#include "server/application/services.hpp"

namespace oberih::application {

void read_for_audit(const Services& services, const domain::Caller& caller,
                    const wire::AuditRead& request, Answer<wire::ItemPage> done);

/// That the auditor has a grant in force there. Refusals: not_found (none was ever given),
/// forbidden (it has ended).
Result<void> require_grant(const Services& services, const domain::Caller& caller,
                           const ChannelId& channel);

}  // namespace oberih::application
