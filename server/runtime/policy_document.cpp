// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/policy_document.hpp"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "protocol/encoding/strict_json.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::runtime {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

Refusal unfit(const fs::path& file, const std::string& why) {
  return refuse(RefusalCode::usage, "The policy " + file.string() + " is refused: " + why);
}

Result<std::string> read_text(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream || text.str().empty()) return unfit(file, "it cannot be read.");
  return text.str();
}

/// Where a parser stopped: it gives up at the first wrong byte, so the longest prefix that could
/// still become JSON ends there.
std::string line_of(std::string_view text) {
  try {
    [[maybe_unused]] const json parsed = json::parse(text);
  } catch (const json::parse_error& error) {
    const std::size_t byte = std::min<std::size_t>(error.byte, text.size());
    const auto lines = std::count(text.begin(), text.begin() + static_cast<long>(byte), '\n');
    return " (line " + std::to_string(lines + 1) + ")";
  }
  return {};
}

Result<json> parse_json(const fs::path& file, std::string_view text) {
  Result<json> parsed = encoding::parse_strict_json(text);
  if (!parsed) return unfit(file, parsed.error().detail + line_of(text) + ".");
  return parsed;
}

// -- structure ------------------------------------------------------------------------------------

/// The validator's path "<root>", "[rules]", "[2]", "[roles]" without its brackets.
std::vector<std::string> steps_of(const std::vector<std::string>& path) {
  std::vector<std::string> steps;
  for (std::size_t i = 1; i < path.size(); ++i)
    steps.push_back(path[i].substr(1, path[i].size() - 2));
  return steps;
}

/// `rule 3, roles`: what a person looks for in the file.
std::string place_of(const std::vector<std::string>& steps) {
  std::string place;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const std::string& part = steps[i];
    if (part == "rules") continue;
    const bool is_rule = i == 1 && steps[0] == "rules";
    const bool is_number = part.find_first_not_of("0123456789") == std::string::npos;
    if (!is_rule && is_number) continue;
    if (!place.empty()) place += ", ";
    place += is_rule ? "rule " + std::to_string(std::stoul(part) + 1) : part;
  }
  return place.empty() ? "the file as a whole" : place;
}

std::string pointer_of(const std::vector<std::string>& steps) {
  std::string pointer;
  for (const std::string& step : steps) pointer += "/" + encoding::printable(step);
  return pointer.empty() ? pointer : " (" + pointer + ")";
}

/// A word or number that stands at the place, as ` '...'`.
std::string value_at(const json& document, const std::vector<std::string>& steps) {
  const json* value = &document;
  for (const std::string& step : steps) {
    if (value->is_object() && value->contains(step))
      value = &(*value)[step];
    else if (value->is_array() && step.find_first_not_of("0123456789") == std::string::npos &&
             std::stoul(step) < value->size())
      value = &(*value)[std::stoul(step)];
    else
      return {};
  }
  if (value->is_string()) return " '" + encoding::printable(value->get<std::string>()) + "'";
  return value->is_number() ? " '" + value->dump() + "'" : std::string();
}

}  // namespace

Refusal unfit_policy(const PolicyText& policy, const std::string& why) {
  return unfit(policy.file, why);
}

Result<PolicyText> load_policy_text(const fs::path& file) {
  return load_policy_text(file,
                          file.parent_path() / "schema" / (file.stem().string() + ".schema.json"));
}

Result<PolicyText> load_policy_text(const fs::path& file, const fs::path& schema) {
  Result<std::string> text = read_text(file);
  if (!text) return text.error();
  Result<std::string> rules = read_text(schema);
  if (!rules) return rules.error();
  return PolicyText{file, std::move(*text), std::move(*rules)};
}

Result<json> parse_policy_json(const PolicyText& policy) {
  return parse_json(policy.file, policy.text);
}

Result<void> check_policy_schema(const PolicyText& policy, const json& document) {
  const Result<json> schema_document =
      parse_json(policy.file.stem() += ".schema.json", policy.schema);
  if (!schema_document) return schema_document.error();
  valijson::Schema schema;
  valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
  const valijson::adapters::NlohmannJsonAdapter schema_adapter(*schema_document);
  parser.populateSchema(schema_adapter, schema);
  valijson::Validator validator;
  valijson::ValidationResults results;
  const valijson::adapters::NlohmannJsonAdapter adapter(document);
  if (validator.validate(schema, adapter, &results)) return {};
  // The innermost failure comes first and says most.
  valijson::ValidationResults::Error error;
  results.popError(error);
  const std::vector<std::string> steps = steps_of(error.context);
  return unfit(policy.file, place_of(steps) + value_at(document, steps) + pointer_of(steps) + ": " +
                                error.description);
}

}  // namespace oberih::runtime
