// SPDX-License-Identifier: Apache-2.0
// Which witnesses stand behind the checkpoint of an evidence file, for people and programs.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "client-cli/output/console.hpp"
#include "protocol/evidence/cosigners.hpp"

namespace oberih::client {

/// One sentence, or two.
std::vector<std::string> describe_cosigners(const Console& console,
                                            const evidence::Cosigners& cosigners);
/// To whoever has made the file: where a quorum was agreed upon and does not stand behind it.
void note_missing_quorum(Console& console, const evidence::Cosigners& cosigners);
/// Adds `witnessed`, `witnessed_since_ms`, `cosigned_by` and `known_witnesses`.
void add_cosigners(nlohmann::ordered_json& json, const evidence::Cosigners& cosigners);

}  // namespace oberih::client
