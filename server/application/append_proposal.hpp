// SPDX-License-Identifier: Apache-2.0
// proposal.append and approval.append: leaves of kind 7 that bear a channel's id. Signature and
// permission are checked before the queue; whether the change could come and who may approve is
// judged under the head row by the rules that will judge its record.
#pragma once

#include "protocol/wire/requests.hpp"
#include "server/application/services.hpp"

namespace oberih::application {

void append_proposal(const Services& services, const domain::Caller& caller,
                     const wire::ProposalAppend& request, Answer<wire::Appended> done);
void append_approval(const Services& services, const domain::Caller& caller,
                     const wire::ApprovalAppend& request, Answer<wire::Appended> done);

}  // namespace oberih::application
