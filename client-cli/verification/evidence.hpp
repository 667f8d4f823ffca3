// SPDX-License-Identifier: Apache-2.0
// What did not verify is kept, byte for byte, in the profile's `evidence` folder: it may accuse its
// author or the server, and is never dropped silently.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "protocol/base/bytes.hpp"
#include "protocol/base/result.hpp"

namespace oberih::client {

using EvidencePart = std::pair<std::string, Bytes>;  // name and bytes

/// Writes the file and makes the refusal verification_failed that names it and `why`.
Refusal keep_evidence(const std::filesystem::path& profile_folder, const std::string& what,
                      const std::string& why, const std::vector<EvidencePart>& parts);

}  // namespace oberih::client
