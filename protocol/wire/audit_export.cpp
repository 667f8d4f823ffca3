// SPDX-License-Identifier: Apache-2.0
#include "protocol/wire/audit_export.hpp"

#include <nlohmann/json.hpp>

#include "protocol/base/limits.hpp"
#include "protocol/encoding/strict_json.hpp"
#include "protocol/wire/json_fields.hpp"

namespace oberih::wire {

nlohmann::json encode_params(const AuditExport& request) {
  return {{"content", json_bytes(request.content)},
          {"signature", json_bytes(request.signature.view())}};
}

Result<void> parse_params(const nlohmann::json& params, AuditExport& request) {
  encoding::StrictObject object(params, "params");
  request.content = object.bytes("content", limits::leaf_bytes);
  request.signature = object.id<Signature>("signature");
  return object.finish();
}

}  // namespace oberih::wire
