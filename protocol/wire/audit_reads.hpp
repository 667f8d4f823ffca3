// SPDX-License-Identifier: Apache-2.0
// A channel, asked for by an auditor. The request is the signed question that the journal keeps:
// nothing beside it says what is wanted.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"

namespace oberih::wire {

struct AuditRead {  // answered with an ItemPage
  static constexpr std::string_view method = "audit.read";
  Bytes content;        // of an audit question, what 2
  Signature signature;  // label `audit`
};

nlohmann::json encode_params(const AuditRead& request);
Result<void> parse_params(const nlohmann::json& params, AuditRead& request);

}  // namespace oberih::wire
