// SPDX-License-Identifier: Apache-2.0
#include "protocol/wire/audit_reads.hpp"

#include <nlohmann/json.hpp>

#include "protocol/encoding/strict_json.hpp"
#include "protocol/sealing/audit_leaf.hpp"
#include "protocol/wire/json_fields.hpp"

namespace oberih::wire {
namespace {

constexpr std::size_t audit_content_bytes = 64 + sealing::audit_query_bytes;

}  // namespace

nlohmann::json encode_params(const AuditRead& request) {
  return {{"content", json_bytes(request.content)},
          {"signature", json_bytes(request.signature.view())}};
}

Result<void> parse_params(const nlohmann::json& params, AuditRead& request) {
  encoding::StrictObject object(params, "params");
  request.content = object.bytes("content", audit_content_bytes);
  request.signature = object.id<Signature>("signature");
  return object.finish();
}

}  // namespace oberih::wire
