// SPDX-License-Identifier: Apache-2.0
#include "protocol/wire/audits.hpp"

#include <nlohmann/json.hpp>

#include "protocol/encoding/strict_json.hpp"
#include "protocol/wire/json_fields.hpp"

namespace oberih::wire {

using encoding::StrictObject;
using nlohmann::json;

json encode_params(const AuditFind& request) {
  json params = {{"content", json_bytes(request.content)},
                 {"signature", json_bytes(request.signature.view())},
                 {"from_index", request.from_index},
                 {"limit", request.limit},
                 {"count", request.count}};
  if (request.asked_index) params["asked_index"] = *request.asked_index;
  return params;
}

Result<void> parse_params(const json& params, AuditFind& request) {
  StrictObject object(params, "params");
  request.content = object.bytes("content", limits::leaf_bytes);
  request.signature = object.id<Signature>("signature");
  request.from_index = object.u64("from_index", INT64_MAX);
  const std::uint64_t limit = object.u64("limit", audit_leaves_at_once);
  if (limit == 0) object.fail("limit", "must be at least 1");
  request.limit = static_cast<std::uint32_t>(limit);
  request.count = object.boolean("count");
  request.asked_index = object.optional_u64("asked_index", INT64_MAX);
  return object.finish();
}

std::string encode_result(const AuditPage& reply) {
  json leaves = json::array();
  for (const DirectoryLeaf& leaf : reply.leaves)
    leaves.push_back({{"index", leaf.index}, {"leaf", json_bytes(leaf.leaf)}});
  json result{{"asked",
               {{"index", reply.asked.index},
                {"leaf_hash", json_bytes(reply.asked.leaf_hash.view())},
                {"server_ms", reply.asked.server_ms}}},
              {"leaves", std::move(leaves)},
              {"more", reply.more},
              {"directory_count", reply.directory_count}};
  if (reply.count) result["count"] = *reply.count;
  return result.dump();
}

Result<void> parse_result(const json& result, AuditPage& reply) {
  StrictObject object(result, "result");
  StrictObject asked(object.object("asked"), "asked");
  reply.asked.index = asked.u64("index");
  reply.asked.leaf_hash = asked.id<Digest>("leaf_hash");
  reply.asked.server_ms = asked.u64("server_ms");
  OBERIH_TRY(asked.finish());
  for (const json& value : object.array("leaves", audit_leaves_at_once)) {
    StrictObject each(value, "leaf");
    DirectoryLeaf leaf;
    leaf.index = each.u64("index");
    leaf.leaf = each.bytes("leaf", limits::leaf_bytes);
    OBERIH_TRY(each.finish());
    reply.leaves.push_back(std::move(leaf));
  }
  reply.more = object.boolean("more");
  reply.count = object.optional_u64("count", audit_count_at_most);
  reply.directory_count = object.u64("directory_count");
  return object.finish();
}

}  // namespace oberih::wire
