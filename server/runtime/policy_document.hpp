// SPDX-License-Identifier: Apache-2.0
// A policy file before anybody knows what it means: its text, strict JSON, its JSON Schema. What is
// wrong with it is said with the place: the line where it is no JSON, else a JSON pointer.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "protocol/base/result.hpp"

namespace oberih::runtime {

/// A policy as it was read; `file` is for refusals.
struct PolicyText {
  std::filesystem::path file;
  std::string text;
  std::string schema;
};

/// `schema/<name>.schema.json` lies beside `<name>.json`.
Result<PolicyText> load_policy_text(const std::filesystem::path& file);
/// `schema` may lie elsewhere than beside the file.
Result<PolicyText> load_policy_text(const std::filesystem::path& file,
                                    const std::filesystem::path& schema);

Result<nlohmann::json> parse_policy_json(const PolicyText& policy);
Result<void> check_policy_schema(const PolicyText& policy, const nlohmann::json& document);

/// `why` is a sentence.
Refusal unfit_policy(const PolicyText& policy, const std::string& why);

}  // namespace oberih::runtime
