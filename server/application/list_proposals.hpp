// SPDX-License-Identifier: Apache-2.0
// proposal.list: what waits in the channels on whose roster the caller stands, or whose acting
// supervisor they are; and grants that wait for whom they are for or who may approve them. Leaves
// as they lie in the journal: clients verify them.
#pragma once

#include "protocol/wire/requests.hpp"
#include "server/application/services.hpp"

namespace oberih::application {

Result<wire::ProposalPage> list_proposals(const Services& services, const domain::Caller& caller,
                                          const wire::ProposalList& request);

}  // namespace oberih::application
