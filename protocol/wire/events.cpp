// SPDX-License-Identifier: Apache-2.0
#include "protocol/wire/events.hpp"

#include <nlohmann/json.hpp>

#include "protocol/base/limits.hpp"
#include "protocol/encoding/strict_json.hpp"
#include "protocol/wire/channel_item_codec.hpp"
#include "protocol/wire/json_fields.hpp"
#include "protocol/wire/rpc_frame.hpp"

namespace oberih::wire {

using encoding::StrictObject;
using nlohmann::json;

std::string encode_event(const ItemEvent& event) {
  std::string out;
  out.reserve(192 + encoded_bytes(event.item));
  out += R"({"jsonrpc":"2.0","method":"channel.item","params":{"directory_count":)";
  out += std::to_string(event.directory_count);
  append_field(out, "channel", event.channel.view());
  out += R"(,"item":)";
  append_channel_item(out, event.item);
  return out += "}}";
}

std::string encode_event(const UnfollowedEvent& event) {
  return encode_event(UnfollowedEvent::method, {{"channel", json_bytes(event.channel.view())}});
}

std::string encode_event(const CheckpointEvent& event) {
  return encode_event(CheckpointEvent::method, {{"checkpoint", event.checkpoint}});
}

Result<void> parse_event(const json& params, ItemEvent& event) {
  StrictObject object(params, "params");
  event.channel = object.id<ChannelId>("channel");
  event.directory_count = object.u64("directory_count");
  OBERIH_TRY(parse_channel_item(object.object("item"), event.item));
  return object.finish();
}

Result<void> parse_event(const json& params, UnfollowedEvent& event) {
  StrictObject object(params, "params");
  event.channel = object.id<ChannelId>("channel");
  return object.finish();
}

Result<void> parse_event(const json& params, CheckpointEvent& event) {
  StrictObject object(params, "params");
  event.checkpoint = object.text("checkpoint", limits::note_bytes);
  return object.finish();
}

}  // namespace oberih::wire
