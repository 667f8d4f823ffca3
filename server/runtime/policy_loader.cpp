// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/policy_loader.hpp"

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

Result<json> parse_json(const fs::path& file, std::string_view text) {
  Result<json> parsed = encoding::parse_strict_json(text);
  if (!parsed) return unfit(file, parsed.error().detail);
  return parsed;
}

fs::path schema_of(const fs::path& file) {
  return file.parent_path() / "schema" / (file.stem().string() + ".schema.json");
}

// -- structure
// -------------------------------------------------------------------------------------

/// `rule 3, roles` from the validator's path "<root>[rules][2][roles][0]", cut into its parts.
std::string place_of(const std::vector<std::string>& path) {
  std::string place;
  for (std::size_t i = 1; i < path.size(); ++i) {
    const std::string part = path[i].substr(1, path[i].size() - 2);  // without [ ]
    if (part == "rules") continue;
    const bool is_rule = i == 2 && path[1] == "[rules]";
    const bool is_number = part.find_first_not_of("0123456789") == std::string::npos;
    if (!is_rule && is_number) continue;
    if (!place.empty()) place += ", ";
    place += is_rule ? "rule " + std::to_string(std::stoul(part) + 1) : part;
  }
  return place.empty() ? "the file as a whole" : place;
}

Result<void> check_schema(const fs::path& file, const json& document, const json& schema_document) {
  valijson::Schema schema;
  valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
  const valijson::adapters::NlohmannJsonAdapter schema_adapter(schema_document);
  parser.populateSchema(schema_adapter, schema);
  valijson::Validator validator;
  valijson::ValidationResults results;
  const valijson::adapters::NlohmannJsonAdapter adapter(document);
  if (validator.validate(schema, adapter, &results)) return {};
  // The innermost failure comes first and says most.
  valijson::ValidationResults::Error error;
  results.popError(error);
  return unfit(file, place_of(error.context) + ": " + error.description);
}

// -- words
// -----------------------------------------------------------------------------------------

/// One rule of a file. Failure is sticky: the first unknown word refuses the file.
class RuleWords {
 public:
  RuleWords(const fs::path& file, std::size_t number) : file_(file), number_(number) {}

  template <class Word>
  void look_up(const char* key, const std::string& text,
               std::optional<Word> (*find)(std::string_view)) {
    if (!find(text) && !refusal_)
      refusal_ = unfit(file_, "rule " + std::to_string(number_) + " uses the unknown word '" +
                                  encoding::printable(text) + "' in " + key + ".");
  }
  Result<void> finish() const {
    if (refusal_) return *refusal_;
    return {};
  }

 private:
  const fs::path& file_;
  std::size_t number_;
  std::optional<Refusal> refusal_;
};

/// The words that a file's rules use in one key, whether it stands alone or in a list.
template <class Word>
struct Vocabulary {
  const char* key;
  std::optional<Word> (*find)(std::string_view);
};

/// Before the schema, whose enumerations would say only that a value is "not in the list".
template <class Word>
void check_words(RuleWords& words, const json& rule, const Vocabulary<Word>& vocabulary) {
  auto found = rule.find(vocabulary.key);
  if (found == rule.end()) return;
  if (found->is_string())
    words.look_up(vocabulary.key, found->template get<std::string>(), vocabulary.find);
  if (!found->is_array()) return;
  for (const json& item : *found)
    if (item.is_string())
      words.look_up(vocabulary.key, item.template get<std::string>(), vocabulary.find);
}

template <class... Words>
Result<json> parse_rules(const PolicyText& policy, const Vocabulary<Words>&... vocabularies) {
  const fs::path& file = policy.file;
  Result<json> document = parse_json(file, policy.text);
  if (!document) return document;
  if (document->is_object() && document->contains("rules") && (*document)["rules"].is_array()) {
    std::size_t number = 0;
    for (const json& rule : (*document)["rules"]) {
      RuleWords words(file, ++number);
      if (rule.is_object()) (check_words(words, rule, vocabularies), ...);
      if (auto finished = words.finish(); !finished) return finished.error();
    }
  }
  Result<json> schema = parse_json(schema_of(file), policy.schema);
  if (!schema) return schema;
  if (auto checked = check_schema(file, *document, *schema); !checked) return checked.error();
  return Result<json>(boost::system::in_place_value, std::move((*document)["rules"]));
}

const Vocabulary<AgencyKind> agency_kinds{"agency_kinds", &find_agency_kind};
const Vocabulary<ChannelKind> channel_kinds{"channel_kinds", &find_channel_kind};
const Vocabulary<Role> roles{"roles", &find_role};
const Vocabulary<domain::Action> actions{"actions", &domain::find_action};
const Vocabulary<domain::Relation> conditions{"conditions", &domain::find_relation};
const Vocabulary<domain::NameAudience> audiences{"shown_to", &domain::find_name_audience};

template <class Word>
std::vector<Word> words_of(const json& rule, const Vocabulary<Word>& vocabulary) {
  std::vector<Word> words;
  if (auto found = rule.find(vocabulary.key); found != rule.end())
    for (const json& item : *found)
      words.push_back(*vocabulary.find(item.template get<std::string>()));
  return words;
}

Result<PolicyText> load_text(const fs::path& file) {
  Result<std::string> text = read_text(file);
  if (!text) return text.error();
  Result<std::string> schema = read_text(schema_of(file));
  if (!schema) return schema.error();
  return PolicyText{file, std::move(*text), std::move(*schema)};
}

}  // namespace

// -- the three policies
// ----------------------------------------------------------------------------

Result<domain::PermissionPolicy> parse_permissions(const PolicyText& policy) {
  Result<json> rules = parse_rules(policy, roles, actions, conditions, agency_kinds);
  if (!rules) return rules.error();
  std::vector<domain::PermissionRule> permissions;
  for (const json& rule : *rules) {
    domain::Relations relations;
    bool asks_for_kind = false;
    for (domain::Relation relation : words_of(rule, conditions))
      if (relation == domain::Relation::agency_kind)
        asks_for_kind = true;
      else
        relations.add(relation);
    const std::vector<AgencyKind> kinds = words_of(rule, agency_kinds);
    if (asks_for_kind == kinds.empty())
      return unfit(policy.file, "rule " + std::to_string(&rule - &rules->front() + 1) +
                                    ": the condition 'agency_kind' and the list agency_kinds "
                                    "stand together or not at all.");
    for (Role role : words_of(rule, roles))
      for (domain::Action action : words_of(rule, actions))
        permissions.push_back({role, action, relations, kinds});
  }
  return domain::PermissionPolicy(std::move(permissions));
}

Result<domain::SeatingPolicy> parse_seating(const PolicyText& policy) {
  Result<json> rules = parse_rules(policy, channel_kinds, agency_kinds);
  if (!rules) return rules.error();
  std::vector<domain::SeatingRule> seats;
  for (const json& rule : *rules)
    for (ChannelKind channel_kind : words_of(rule, channel_kinds))
      for (AgencyKind agency_kind : words_of(rule, agency_kinds))
        seats.push_back({channel_kind, agency_kind, rule["allowed"].get<bool>(),
                         rule["reason"].get<std::string>()});
  auto made = domain::SeatingPolicy::make(std::move(seats));
  if (auto* fault = std::get_if<std::string>(&made)) return unfit(policy.file, *fault + ".");
  return std::get<domain::SeatingPolicy>(std::move(made));
}

Result<domain::NameVisibility> parse_name_visibility(const PolicyText& policy) {
  Result<json> rules = parse_rules(policy, agency_kinds, audiences);
  if (!rules) return rules.error();
  std::vector<std::pair<AgencyKind, domain::NameAudience>> rows;
  for (const json& rule : *rules)
    for (AgencyKind kind : words_of(rule, agency_kinds))
      rows.emplace_back(kind, *domain::find_name_audience(rule["shown_to"].get<std::string>()));
  auto made = domain::NameVisibility::make(rows);
  if (auto* fault = std::get_if<std::string>(&made)) return unfit(policy.file, *fault + ".");
  return std::get<domain::NameVisibility>(std::move(made));
}

Result<application::Policies> load_policies(const fs::path& folder) {
  const auto permissions_text = load_text(folder / "permissions.json");
  if (!permissions_text) return permissions_text.error();
  auto permissions = parse_permissions(*permissions_text);
  if (!permissions) return permissions.error();
  const auto seating_text = load_text(folder / "channel_seating.json");
  if (!seating_text) return seating_text.error();
  auto seating = parse_seating(*seating_text);
  if (!seating) return seating.error();
  const auto names_text = load_text(folder / "name_visibility.json");
  if (!names_text) return names_text.error();
  auto names = parse_name_visibility(*names_text);
  if (!names) return names.error();
  return application::Policies{std::move(*permissions), std::move(*seating), std::move(*names)};
}

}  // namespace oberih::runtime
