// SPDX-License-Identifier: Apache-2.0
#include "protocol/wire/channel_item_codec.hpp"

#include <nlohmann/json.hpp>

#include "protocol/encoding/strict_json.hpp"
#include "protocol/sealing/key_wrap.hpp"
#include "protocol/wire/json_fields.hpp"

namespace oberih::wire {

nlohmann::json encode_channel_item(const ChannelItem& item) {
  nlohmann::json value = {{"index", item.index}, {"leaf", json_bytes(item.leaf)}};
  if (item.ciphertext) value["ciphertext"] = json_bytes(*item.ciphertext);
  if (!item.wraps.empty()) value["wraps"] = json_bytes(item.wraps);
  if (!item.prev_box.empty()) value["prev_box"] = json_bytes(item.prev_box);
  return value;
}

Result<void> parse_channel_item(const nlohmann::json& value, ChannelItem& item) {
  encoding::StrictObject object(value, "item");
  item.index = object.u64("index");
  item.leaf = object.bytes("leaf", limits::leaf_bytes);
  item.ciphertext = object.optional_bytes("ciphertext", limits::ciphertext_bytes);
  item.wraps = object.optional_bytes("wraps", limits::roster_lines * sealing::key_wrap_bytes)
                   .value_or(Bytes{});
  item.prev_box = object.optional_bytes("prev_box", 48).value_or(Bytes{});
  return object.finish();
}

}  // namespace oberih::wire
