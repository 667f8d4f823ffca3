// SPDX-License-Identifier: Apache-2.0
// What a wish to add and remove people comes to in a channel as it is now. Pure.
#pragma once

#include <set>

#include "protocol/sealing/channel_state.hpp"

namespace oberih::client {

inline constexpr std::string_view reason_of_due_lines = "revoked, left or ended";

/// Only what still changes something, and what must go anyhow (`due`).
sealing::Change change_now(const sealing::ChannelState& state, const sealing::Roster& add,
                           const std::string& mandate, std::set<DeviceId> remove,
                           const std::string& reason, const std::vector<DeviceId>& due);

}  // namespace oberih::client
