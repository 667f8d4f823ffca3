// SPDX-License-Identifier: Apache-2.0
// Reads policies/*.json: strict JSON, held against its JSON Schema, every word against the closed
// lists of the code. One unknown word refuses the whole file: half a policy is worse than the old
// one.
#pragma once

#include <filesystem>

#include "server/application/services.hpp"

namespace oberih::runtime {

/// `folder` holds permissions.json, channel_seating.json, name_visibility.json and their schemas in
/// schema/. The refusal is a sentence that names the file, the rule (from 1) and the word.
Result<application::Policies> load_policies(const std::filesystem::path& folder);

}  // namespace oberih::runtime
