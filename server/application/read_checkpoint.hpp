// SPDX-License-Identifier: Apache-2.0
// checkpoint.read: the newest signed size and root.
#pragma once

#include "protocol/wire/requests.hpp"
#include "server/application/services.hpp"

namespace oberih::application {

Result<wire::CheckpointReply> read_checkpoint(const Services& services,
                                              const domain::Caller& caller,
                                              const wire::CheckpointRead& request);

}  // namespace oberih::application
