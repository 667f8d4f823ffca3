// SPDX-License-Identifier: Apache-2.0
// One channel item as JSON: the same in a page of history and in a live event.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "protocol/wire/replies.hpp"

namespace oberih::wire {

nlohmann::json encode_channel_item(const ChannelItem& item);
Result<void> parse_channel_item(const nlohmann::json& value, ChannelItem& item);

}  // namespace oberih::wire
