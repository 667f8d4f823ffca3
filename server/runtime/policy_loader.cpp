// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/policy_loader.hpp"

#include <array>

#include "protocol/crypto/digest.hpp"
#include "server/domain/duty_separation.hpp"
#include "server/runtime/deadline_loader.hpp"
#include "server/runtime/policy_words.hpp"

namespace oberih::runtime {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

const Vocabulary<AgencyKind> agency_kinds{"agency_kinds", &find_agency_kind};
const Vocabulary<ChannelKind> channel_kinds{"channel_kinds", &find_channel_kind};
const Vocabulary<Role> roles{"roles", &find_role};
const Vocabulary<domain::Action> actions{"actions", &domain::find_action};
const Vocabulary<domain::Relation> conditions{"conditions", &domain::find_relation};
const Vocabulary<domain::NameAudience> audiences{"shown_to", &domain::find_name_audience};

std::string named(std::size_t rule) {
  return "rule " + std::to_string(rule) + " (/rules/" + std::to_string(rule - 1) + ")";
}

/// A rule that joins duties which must be apart refuses its file: it would never be followed, and
/// whoever reads the file would believe that it is.
std::string find_bar_of(const domain::PermissionRule& rule) {
  const std::string_view bar = domain::find_bar(rule.role, rule.action, rule.conditions);
  if (bar.empty()) return {};
  return named(rule.number) + " permits '" + std::string(name_of(rule.action)) + "' to '" +
         std::string(name_of(rule.role)) + "': " + std::string(bar) + ".";
}

}  // namespace

// -- the policies ---------------------------------------------------------------------------------

Result<domain::PermissionPolicy> parse_permissions(const PolicyText& policy) {
  Result<json> rules = parse_rules(policy, roles, actions, conditions, agency_kinds);
  if (!rules) return rules.error();
  std::vector<domain::PermissionRule> permissions;
  std::size_t number = 0;
  for (const json& rule : *rules) {
    ++number;
    domain::PermissionRule permission;
    permission.number = number;
    permission.agency_kinds = words_of(rule, agency_kinds);
    bool asks_for_kind = false;
    for (domain::Relation condition : words_of(rule, conditions))
      if (condition == domain::Relation::agency_kind)
        asks_for_kind = true;
      else
        permission.conditions.add(condition);
    if (asks_for_kind == permission.agency_kinds.empty())
      return unfit_policy(policy, named(number) +
                                      ": the condition 'agency_kind' and the list agency_kinds "
                                      "stand together or not at all.");
    for (Role role : words_of(rule, roles))
      for (domain::Action action : words_of(rule, actions)) {
        permission.role = role;
        permission.action = action;
        if (const std::string fault = find_bar_of(permission); !fault.empty())
          return unfit_policy(policy, fault);
        permissions.push_back(permission);
      }
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
  if (auto* fault = std::get_if<std::string>(&made)) return unfit_policy(policy, *fault + ".");
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
  if (auto* fault = std::get_if<std::string>(&made)) return unfit_policy(policy, *fault + ".");
  return std::get<domain::NameVisibility>(std::move(made));
}

namespace {

template <class Value>
Result<void> load(const fs::path& folder, std::string_view name,
                  Result<Value> (*parse)(const PolicyText&), Value& value,
                  std::vector<sealing::PolicyFile>& files) {
  const Result<PolicyText> text = load_policy_text(folder / (std::string(name) + ".json"));
  if (!text) return text.error();
  Result<Value> parsed = parse(*text);
  if (!parsed) return parsed.error();
  value = std::move(*parsed);
  files.push_back({std::string(name), crypto::sha256(as_bytes(text->text))});
  return {};
}

template <class Value>
Result<void> accept(const PolicyText& text, Result<Value> (*parse)(const PolicyText&)) {
  const Result<Value> parsed = parse(text);
  if (!parsed) return parsed.error();
  return {};
}

/// As far as their schema goes.
Result<nlohmann::json> parse_for_clients(const PolicyText& policy) {
  Result<nlohmann::json> document = parse_policy_json(policy);
  if (!document) return document;
  if (auto checked = check_policy_schema(policy, *document); !checked) return checked.error();
  return document;
}

}  // namespace

Result<domain::WitnessingPolicy> parse_witnessing(const PolicyText& policy) {
  Result<json> document = parse_for_clients(policy);
  if (!document) return document.error();
  return domain::WitnessingPolicy{(*document)["limit_minutes"].get<std::uint64_t>(),
                                  (*document)["behaviour"] == "read_only"
                                      ? domain::UnwitnessedBehaviour::read_only
                                      : domain::UnwitnessedBehaviour::warn};
}

Result<application::Policies> load_policies(const fs::path& folder) {
  application::Policies all;
  std::vector<sealing::PolicyFile>& files = all.files;  // ascending by name
  OBERIH_TRY(load(folder, "calendar", parse_calendar, all.calendar, files));
  OBERIH_TRY(load(folder, "channel_seating", parse_seating, all.seating, files));
  OBERIH_TRY(load(folder, "deadlines", parse_deadlines, all.deadlines, files));
  OBERIH_TRY(load(folder, "name_visibility", parse_name_visibility, all.names, files));
  OBERIH_TRY(load(folder, "permissions", parse_permissions, all.permissions, files));
  OBERIH_TRY(load(folder, "witnessing", parse_witnessing, all.witnessing, files));
  return all;
}

std::optional<Digest> hash_policy(const fs::path& folder, const std::string& name) {
  const Result<PolicyText> text = load_policy_text(folder / (name + ".json"));
  if (!text) return std::nullopt;
  return crypto::sha256(as_bytes(text->text));
}

Result<void> check_policy(std::string_view name, const PolicyText& text) {
  // Clients read these three and know their words; the server has no use for them.
  if (name == "handling_codes" || name == "service_ways" || name == "task_templates")
    return accept(text, parse_for_clients);
  if (name == "calendar") return accept(text, parse_calendar);
  if (name == "channel_seating") return accept(text, parse_seating);
  if (name == "deadlines") return accept(text, parse_deadlines);
  if (name == "name_visibility") return accept(text, parse_name_visibility);
  if (name == "permissions") return accept(text, parse_permissions);
  if (name == "witnessing") return accept(text, parse_witnessing);
  return unfit_policy(text, "there is no policy '" + encoding::printable(name) + "'.");
}

}  // namespace oberih::runtime
