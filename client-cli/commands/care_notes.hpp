// SPDX-License-Identifier: Apache-2.0
// Tells a person what their client has done for a channel by itself.
#pragma once

#include "client-cli/output/console.hpp"
#include "client-cli/verification/client_session.hpp"

namespace oberih::client {

void note_repair(Console& console, ClientSession& session, const ChannelId& channel,
                 const Repair& repair);

}  // namespace oberih::client
