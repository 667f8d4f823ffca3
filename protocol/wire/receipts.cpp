// SPDX-License-Identifier: Apache-2.0
#include "protocol/wire/receipts.hpp"

#include <nlohmann/json.hpp>

#include "protocol/encoding/strict_json.hpp"
#include "protocol/wire/json_fields.hpp"

namespace oberih::wire {

using encoding::StrictObject;
using nlohmann::json;

json encode_params(const ReceiptAppend& request) {
  json bodies = json::array();
  for (const Bytes& body : request.bodies) bodies.push_back(json_bytes(body));
  return {{"bodies", std::move(bodies)}};
}

Result<void> parse_params(const json& params, ReceiptAppend& request) {
  StrictObject object(params, "params");
  for (const json& item : object.array("bodies", receipts_at_once)) {
    const auto* text = item.get_ptr<const std::string*>();
    std::optional<Bytes> body = text ? encoding::decode_base64url(*text) : std::nullopt;
    if (!body) return refuse(RefusalCode::invalid_parameters, "bodies must hold base64url");
    request.bodies.push_back(std::move(*body));
  }
  if (request.bodies.empty()) object.fail("bodies", "must hold at least one");
  return object.finish();
}

json encode_params(const ReceiptRead& request) {
  return {{"channel", json_bytes(request.channel.view())},
          {"channel_seq", request.channel_seq},
          {"after_device", json_bytes(request.after_device.view())}};
}

Result<void> parse_params(const json& params, ReceiptRead& request) {
  StrictObject object(params, "params");
  request.channel = object.id<ChannelId>("channel");
  request.channel_seq = object.u64("channel_seq", INT64_MAX);
  request.after_device = object.id<DeviceId>("after_device");
  return object.finish();
}

std::string encode_result(const ReceiptsAppended& reply) {
  json receipts = json::array();
  for (const Appended& appended : reply.receipts)
    receipts.push_back({{"index", appended.index},
                        {"leaf_hash", json_bytes(appended.leaf_hash.view())},
                        {"server_ms", appended.server_ms}});
  return json{{"receipts", std::move(receipts)}}.dump();
}

Result<void> parse_result(const json& result, ReceiptsAppended& reply) {
  StrictObject object(result, "result");
  for (const json& value : object.array("receipts", receipts_at_once)) {
    StrictObject each(value, "receipt");
    Appended appended;
    appended.index = each.u64("index");
    appended.leaf_hash = each.id<Digest>("leaf_hash");
    appended.server_ms = each.u64("server_ms");
    OBERIH_TRY(each.finish());
    reply.receipts.push_back(appended);
  }
  return object.finish();
}

std::string encode_result(const ReceiptPage& reply) {
  json leaves = json::array();
  for (const DirectoryLeaf& leaf : reply.leaves)
    leaves.push_back({{"index", leaf.index}, {"leaf", json_bytes(leaf.leaf)}});
  return json{{"leaves", std::move(leaves)},
              {"more", reply.more},
              {"last_device", json_bytes(reply.last_device.view())},
              {"directory_count", reply.directory_count}}
      .dump();
}

Result<void> parse_result(const json& result, ReceiptPage& reply) {
  StrictObject object(result, "result");
  for (const json& value : object.array("leaves", limits::page_items)) {
    StrictObject each(value, "leaf");
    DirectoryLeaf leaf;
    leaf.index = each.u64("index");
    leaf.leaf = each.bytes("leaf", limits::leaf_bytes);
    OBERIH_TRY(each.finish());
    reply.leaves.push_back(std::move(leaf));
  }
  reply.more = object.boolean("more");
  reply.last_device = object.id<DeviceId>("last_device");
  reply.directory_count = object.u64("directory_count");
  return object.finish();
}

}  // namespace oberih::wire
