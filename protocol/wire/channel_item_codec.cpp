// SPDX-License-Identifier: Apache-2.0
#include "protocol/wire/channel_item_codec.hpp"

#include <nlohmann/json.hpp>

#include "protocol/encoding/strict_json.hpp"
#include "protocol/sealing/key_wrap.hpp"
#include "protocol/wire/json_fields.hpp"

namespace oberih::wire {

std::size_t encoded_bytes(const ChannelItem& item) {
  const std::size_t bytes = item.leaf.size() + item.wraps.size() + item.prev_box.size() +
                            (item.ciphertext ? item.ciphertext->size() : 0);
  return 128 + bytes * 4 / 3;
}

void append_field(std::string& out, std::string_view key, ByteView bytes) {
  out += ",\"";
  out += key;
  out += "\":\"";
  out += encoding::encode_base64url(bytes);
  out += '"';
}

void append_channel_item(std::string& out, const ChannelItem& item) {
  out += R"({"index":)";
  out += std::to_string(item.index);
  append_field(out, "leaf", item.leaf);
  if (item.ciphertext) append_field(out, "ciphertext", *item.ciphertext);
  if (!item.wraps.empty()) append_field(out, "wraps", item.wraps);
  if (!item.prev_box.empty()) append_field(out, "prev_box", item.prev_box);
  out += '}';
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
