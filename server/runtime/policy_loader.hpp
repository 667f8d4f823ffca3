// SPDX-License-Identifier: Apache-2.0
// Reads policies/*.json: strict JSON, held against its JSON Schema, every word against the closed
// lists of the code. One unknown word refuses the whole file: half a policy is worse than the old
// one.
#pragma once

#include "server/application/policies_in_force.hpp"
#include "server/runtime/policy_document.hpp"

namespace oberih::runtime {

Result<domain::PermissionPolicy> parse_permissions(const PolicyText& policy);
Result<domain::SeatingPolicy> parse_seating(const PolicyText& policy);
Result<domain::NameVisibility> parse_name_visibility(const PolicyText& policy);
Result<domain::WitnessingPolicy> parse_witnessing(const PolicyText& policy);

/// `folder` holds permissions.json and its neighbours, and their schemas in schema/. The refusal is
/// a sentence that names the file, the rule (from 1), the word and where it stands.
Result<application::Policies> load_policies(const std::filesystem::path& folder);
/// Of the file as it lies in the folder now; nothing where there is none.
std::optional<Digest> hash_policy(const std::filesystem::path& folder, const std::string& name);

/// Whether the text is a policy of that name ("permissions") that a server would take.
Result<void> check_policy(std::string_view name, const PolicyText& text);

}  // namespace oberih::runtime
