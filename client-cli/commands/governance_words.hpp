// SPDX-License-Identifier: Apache-2.0
// What a governance change means, in words that an official can check before signing.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "client-cli/output/console.hpp"
#include "protocol/sealing/governance.hpp"

namespace oberih::client {

/// One line, or several for changes that say more than one thing; safe for a terminal.
std::string describe_governance(const Console& console, const sealing::Governance& governance);
nlohmann::ordered_json governance_json(const sealing::Governance& governance);

}  // namespace oberih::client
