// SPDX-License-Identifier: Apache-2.0
// Reads policies/*.json: strict JSON, held against its JSON Schema, every word against the closed
// lists of the code. One unknown word refuses the whole file: half a policy is worse than the old
// one.
#pragma once

#include <filesystem>
#include <string>

#include "server/application/services.hpp"

namespace oberih::runtime {

/// A policy as it was read; `file` is for refusals.
struct PolicyText {
  std::filesystem::path file;
  std::string text;
  std::string schema;
};
Result<domain::PermissionPolicy> parse_permissions(const PolicyText& policy);
Result<domain::SeatingPolicy> parse_seating(const PolicyText& policy);
Result<domain::NameVisibility> parse_name_visibility(const PolicyText& policy);

/// `folder` holds permissions.json, channel_seating.json, name_visibility.json and their schemas in
/// schema/. The refusal is a sentence that names the file, the rule (from 1) and the word.
Result<application::Policies> load_policies(const std::filesystem::path& folder);

}  // namespace oberih::runtime
