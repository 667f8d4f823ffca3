// SPDX-License-Identifier: Apache-2.0
// A piece of evidence in words: what it claims to be, who would have signed it, and what does not
// hold. Nothing in it is believed; it is only read.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "client-cli/output/console.hpp"
#include "client-cli/verification/evidence.hpp"
#include "protocol/sealing/directory.hpp"

namespace oberih::client {

/// A row of the list: id, time, what, channel, why.
std::vector<std::string> evidence_row(const Console& console, const Evidence& evidence);
nlohmann::ordered_json evidence_json(const Evidence& evidence);
/// All lines. `directory`: whose signatures can be checked with; null where the profile is locked.
void print_evidence(Console& console, const Evidence& evidence,
                    const sealing::Directory* directory);

}  // namespace oberih::client
