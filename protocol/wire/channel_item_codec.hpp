// SPDX-License-Identifier: Apache-2.0
// One channel item as JSON: the same in a page of history and in a live event. Written by hand: it
// runs for every item that anybody posts or reads, and every value is an integer or base64url, so
// nothing needs escaping.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "protocol/wire/replies.hpp"

namespace oberih::wire {

std::size_t encoded_bytes(const ChannelItem& item);  // about; for reserving
void append_channel_item(std::string& out, const ChannelItem& item);
/// `,"key":"base64url"`
void append_field(std::string& out, std::string_view key, ByteView bytes);
Result<void> parse_channel_item(const nlohmann::json& value, ChannelItem& item);

}  // namespace oberih::wire
