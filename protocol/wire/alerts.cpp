// SPDX-License-Identifier: Apache-2.0
#include "protocol/wire/alerts.hpp"

#include <nlohmann/json.hpp>

#include "protocol/encoding/strict_json.hpp"
#include "protocol/wire/json_fields.hpp"

namespace oberih::wire {

using encoding::StrictObject;
using nlohmann::json;

json encode_params(const AlertList& request) {
  return {{"after_index", request.after_index}, {"limit", request.limit}};
}

Result<void> parse_params(const json& params, AlertList& request) {
  StrictObject object(params, "params");
  request.after_index = object.u64("after_index", INT64_MAX);
  const std::uint64_t limit = object.u64("limit", alerts_at_once);
  if (limit == 0) object.fail("limit", "must be at least 1");
  request.limit = static_cast<std::uint32_t>(limit);
  return object.finish();
}

std::string encode_result(const AlertPage& reply) {
  json leaves = json::array();
  for (const DirectoryLeaf& leaf : reply.leaves)
    leaves.push_back({{"index", leaf.index}, {"leaf", json_bytes(leaf.leaf)}});
  return json{{"leaves", std::move(leaves)},
              {"more", reply.more},
              {"directory_count", reply.directory_count}}
      .dump();
}

Result<void> parse_result(const json& result, AlertPage& reply) {
  StrictObject object(result, "result");
  for (const json& value : object.array("leaves", alerts_at_once)) {
    StrictObject each(value, "leaf");
    DirectoryLeaf leaf;
    leaf.index = each.u64("index");
    leaf.leaf = each.bytes("leaf", limits::leaf_bytes);
    OBERIH_TRY(each.finish());
    reply.leaves.push_back(std::move(leaf));
  }
  reply.more = object.boolean("more");
  reply.directory_count = object.u64("directory_count");
  return object.finish();
}

}  // namespace oberih::wire
