// SPDX-License-Identifier: Apache-2.0
// What the server names as the newest entry of this device when it refuses another
// (sender_chain_broken): it must be one that this device has signed. After a restored backup, or
// where a second copy of the profile is at work, it is, and the client goes on from there.
#pragma once

#include <string_view>

#include "protocol/sealing/channel_state.hpp"

namespace oberih::client {

enum class ClaimedHead {
  own,      // our own signed entry, or one before it
  unknown,  // an entry of ours that the channel, as it was shown to us, does not have
  unsaid,   // nothing that can be compared
};

/// `detail`: of the refusal. `verified`: our head after everything the server has was read.
ClaimedHead judge_claimed_head(std::string_view detail, const sealing::SenderHead& verified);

}  // namespace oberih::client
