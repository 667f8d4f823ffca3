// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/policy_commands.hpp"

#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "protocol/crypto/digest.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"
#include "server/domain/word_lists.hpp"
#include "server/runtime/deadline_loader.hpp"
#include "server/runtime/policy_loader.hpp"

namespace oberih::runtime {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::string_view schema_prefix = "schema/";
constexpr std::string_view schema_suffix = ".schema.json";

Refusal unknown(const std::string& what, const std::string& word, const std::string& known) {
  return refuse(RefusalCode::usage,
                "There is no " + what + " '" + word + "'. There are: " + known + ".");
}

template <class List>
std::string joined(const List& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + std::string(word);
  return text;
}

template <class Words>
std::string names_of(const Words& words) {
  std::vector<std::string_view> names;
  for (const auto& word : words) names.push_back(name_of(word));
  return joined(names);
}

// -- check ----------------------------------------------------------------------------------------

/// By what its "$schema" says, else by its name; the text may be no JSON at all.
std::string name_of_policy(const fs::path& file, const std::string& text) {
  const json document = json::parse(text, nullptr, false);
  if (!document.is_object()) return file.stem().string();
  const auto found = document.find("$schema");
  if (found == document.end() || !found->is_string()) return file.stem().string();
  const auto schema = found->get<std::string>();
  if (!schema.starts_with(schema_prefix) || !schema.ends_with(schema_suffix) ||
      schema.size() <= schema_prefix.size() + schema_suffix.size())
    return file.stem().string();
  return schema.substr(schema_prefix.size(),
                       schema.size() - schema_prefix.size() - schema_suffix.size());
}

Result<void> check_file(const Settings& settings, const fs::path& file) {
  // The schema is chosen when the text is known.
  Result<PolicyText> policy = load_policy_text(file, file);
  if (!policy) return policy.error();
  const std::string name = name_of_policy(file, policy->text);
  if (name.find('/') != name.npos)
    return unfit_policy(*policy, "its $schema names no policy (/$schema).");
  const fs::path schema = fs::path(schema_prefix) / (name + std::string(schema_suffix));
  const fs::path beside = file.parent_path() / schema;
  policy = load_policy_text(
      file, fs::exists(beside) ? beside : fs::path(settings.policies_directory) / schema);
  if (!policy) return policy.error();
  OBERIH_TRY(check_policy(name, *policy));
  std::cout << file.string() << " is a sound policy '" << name << "', sha256 "
            << encoding::encode_hex(crypto::sha256(as_bytes(policy->text))) << '\n';
  return {};
}

// -- explain: permissions -------------------------------------------------------------------------

struct Question {
  domain::Caller caller;
  domain::Action action{};
  domain::Relations relations;
};

Result<Question> parse_question(const PolicyQuestion& words) {
  Question question;
  const auto role = find_role(words.role);
  if (!role) return unknown("role", words.role, names_of(domain::all_roles));
  const auto action = domain::find_action(words.action);
  if (!action) return unknown("action", words.action, names_of(domain::all_actions()));
  const auto kind = find_agency_kind(words.agency_kind.empty() ? "police" : words.agency_kind);
  if (!kind)
    return unknown("kind of agency", words.agency_kind, names_of(domain::all_agency_kinds));
  for (const std::string& word : words.relations) {
    const auto relation = domain::find_relation(word);
    if (!relation) return unknown("relation", word, names_of(domain::all_relations()));
    question.relations.add(*relation);
  }
  question.caller.role = *role;
  question.caller.agency_kind = *kind;
  question.action = *action;
  return question;
}

/// The reasons stand in the file alone: no decision needs them.
Result<json> load_rules(const Settings& settings) {
  const auto text = load_policy_text(fs::path(settings.policies_directory) / "permissions.json");
  if (!text) return text.error();
  Result<json> document = parse_policy_json(*text);
  if (!document) return document;
  return Result<json>(boost::system::in_place_value, std::move((*document)["rules"]));
}

std::string reason_of(const json& rules, std::size_t number) {
  return "rule " + std::to_string(number) + ": " +
         encoding::printable(rules[number - 1]["reason"].get<std::string>());
}

void print_lacking(const domain::Explanation& explanation, const json& rules,
                   const Question& question) {
  for (const auto& each : explanation.lacking) {
    std::vector<std::string_view> conditions;
    for (domain::Relation relation : domain::all_relations())
      if (each.conditions.has(relation)) conditions.push_back(name_of(relation));
    if (each.agency_kind) conditions.push_back(name_of(domain::Relation::agency_kind));
    std::cout << "It would be permitted with " << joined(conditions) << " by "
              << reason_of(rules, each.rule) << '\n';
  }
  if (explanation.lacking.empty())
    std::cout << "No rule permits '" << name_of(question.action) << "' to '"
              << name_of(question.caller.role) << "', whatever the relation.\n";
}

Result<int> explain_permission(const Settings& settings, const PolicyQuestion& words) {
  const Result<Question> question = parse_question(words);
  if (!question) return question.error();
  const Result<application::Policies> policies = load_policies(settings.policies_directory);
  if (!policies) return policies.error();
  const Result<json> rules = load_rules(settings);
  if (!rules) return rules.error();
  const domain::Explanation explanation =
      policies->permissions.explain(question->caller, question->action, question->relations);
  if (explanation.decision == domain::Decision::permitted) {
    std::cout << "Yes, by " << reason_of(*rules, explanation.rule) << '\n';
    return 0;
  }
  std::cout << "No.\n";
  if (!explanation.barred_by.empty())
    std::cout << "No policy can permit it: " << explanation.barred_by << ".\n";
  else
    print_lacking(explanation, *rules, *question);
  if (explanation.is_hidden)
    std::cout << "Who does not stand on the channel's roster is answered as if there were no such "
                 "channel.\n";
  return 1;
}

// -- explain: deadlines ---------------------------------------------------------------------------

/// `2027-03-04T17:30` on the calendar's clock.
Result<Milliseconds> parse_moment(const std::string& text, const domain::WorkCalendar& calendar) {
  const auto date = parse_civil_date(std::string_view(text).substr(0, 10));
  const auto minute = text.size() == 16 && (text[10] == 'T' || text[10] == ' ')
                          ? parse_clock_minute(std::string_view(text).substr(11))
                          : std::nullopt;
  if (!date || !minute)
    return refuse(RefusalCode::usage, "--from is a time in Kyiv, such as 2027-03-04T17:30.");
  return calendar.moment(day_number(*date), *minute);
}

std::string format_moment(Milliseconds time, const domain::WorkCalendar& calendar) {
  static constexpr const char* day_names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  const DayNumber day = calendar.day_of(time);
  const CivilDate date = date_of(day);
  const unsigned minute = calendar.minute_of(time);
  char text[64];
  std::snprintf(text, sizeof text, "%s %02u.%02u.%04d %02u:%02u", day_names[weekday_of(day)],
                date.day, date.month, date.year, minute / 60, minute % 60);
  return text;
}

void print_days_off(Milliseconds from, Milliseconds due, const domain::WorkCalendar& calendar) {
  for (DayNumber day = calendar.day_of(from); day <= calendar.day_of(due); ++day) {
    if (calendar.is_working_day(day)) continue;
    const std::string_view holiday = calendar.holiday_of(day);
    std::cout << "  not worked: " << format_moment(calendar.moment(day, 0), calendar).substr(0, 14)
              << (holiday.empty() ? "" : ", ") << encoding::printable(holiday) << '\n';
  }
}

Result<int> explain_deadline(const Settings& settings, const PolicyQuestion& words) {
  const Result<application::Policies> policies = load_policies(settings.policies_directory);
  if (!policies) return policies.error();
  const domain::DeadlinePolicy& deadlines = policies->deadlines;
  std::vector<std::string> kinds, classes;
  for (const auto& clock : deadlines.rows().clocks)
    kinds.insert(kinds.end(), clock.kinds.begin(), clock.kinds.end());
  for (const auto& each : deadlines.rows().classes) classes.push_back(each.name);
  const domain::TaskClock* clock = deadlines.find_clock(words.deadline);
  if (clock == nullptr) return unknown("kind of task", words.deadline, joined(kinds));
  const auto rule = deadlines.find_rule(words.deadline, words.urgency);
  if (!rule) return unknown("urgency class", words.urgency, joined(classes));
  const Result<Milliseconds> from = parse_moment(words.from, policies->calendar);
  if (!from) return from.error();
  const auto due = domain::due_ms(*from, *rule, policies->calendar);
  std::cout << "asked " << format_moment(*from, policies->calendar) << ", due "
            << format_moment(*due, policies->calendar) << '\n';
  if (rule->counts != domain::ClockCounts::hours) print_days_off(*from, *due, policies->calendar);
  std::cout << encoding::printable(clock->reason) << " (" << encoding::printable(clock->law)
            << ")\n";
  return 0;
}

}  // namespace

Result<int> check_policy_files(const Settings& settings, const std::vector<std::string>& files) {
  for (const std::string& file : files) OBERIH_TRY(check_file(settings, file));
  return 0;
}

Result<int> explain_policy(const Settings& settings, const PolicyQuestion& question) {
  if (!question.deadline.empty()) return explain_deadline(settings, question);
  if (question.role.empty() || question.action.empty())
    return refuse(RefusalCode::usage,
                  "explain needs --as and --action; or --deadline, --urgency and --from. See "
                  "'oberihd policy explain --help'.");
  return explain_permission(settings, question);
}

}  // namespace oberih::runtime
