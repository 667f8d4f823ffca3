// SPDX-License-Identifier: Apache-2.0
// The question of an auditor who exports: recorded before anything is handed out. The leaves come
// as bundles over HTTP (docs/protocol.md, sections 7 and 25).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"

namespace oberih::wire {

struct AuditExport {  // answered with Appended: the leaf that recorded it
  static constexpr std::string_view method = "audit.export";
  Bytes content;  // of the question, what 3
  Signature signature;
};

nlohmann::json encode_params(const AuditExport& request);
Result<void> parse_params(const nlohmann::json& params, AuditExport& request);

}  // namespace oberih::wire
