// SPDX-License-Identifier: Apache-2.0
// audit.find: leaves that fit what an auditor signed, page by page, of the journal as it was at the
// size of the question. INVARIANT: no page is sent before the question's leaf is committed.
#pragma once

#include "protocol/wire/audits.hpp"
#include "server/application/services.hpp"

namespace oberih::application {

/// How long one recorded question may be answered page by page; after that it is asked anew.
inline constexpr Milliseconds audit_answer_ms = 60ull * 60 * 1000;

void find_leaves(const Services& services, const domain::Caller& caller,
                 const wire::AuditFind& request, Answer<wire::AuditPage> done);

}  // namespace oberih::application
