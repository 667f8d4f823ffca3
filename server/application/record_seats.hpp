// SPDX-License-Identifier: Apache-2.0
// Who may sit where (policies/channel_seating.json), for records and for what is proposed. Only
// what a change brings is held against the policy: a stricter policy file must not stop the
// rotations of channels that were lawful before it.
#pragma once

#include "server/application/services.hpp"

namespace oberih::application {

Result<void> check_new_seats(const Services& services, const sealing::Directory& directory,
                             const sealing::ChannelRecord& record);
Result<void> check_proposed_seats(const Services& services, const sealing::Directory& directory,
                                  const sealing::ChannelState& state,
                                  const sealing::Change& change);

}  // namespace oberih::application
