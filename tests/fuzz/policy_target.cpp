// SPDX-License-Identifier: Apache-2.0
// The policy files. The first byte says which: p permissions, s seating, n names, c calendar, d
// deadlines. A policy that was accepted decides as its own text says, read here in another way.
#include <fstream>
#include <iterator>

#include "server/domain/duty_separation.hpp"
#include "server/domain/word_lists.hpp"
#include "server/runtime/deadline_loader.hpp"
#include "server/runtime/policy_loader.hpp"
#include "tests/fuzz/json_value.hpp"

namespace oberih::fuzz {
namespace {

using nlohmann::json;

std::string read(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  require(stream.good(), "the schemas lie beside the policies");
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

runtime::PolicyText text_of(const std::string& name, std::string_view text) {
  const std::string folder = OBERIH_SOURCE "/policies/";
  static std::map<std::string, std::string> schemas;
  std::string& schema = schemas[name];
  if (schema.empty()) schema = read(folder + "schema/" + name + ".schema.json");
  return {folder + name + ".json", std::string(text), schema};
}

bool names(const json& rule, const char* key, std::string_view word) {
  const auto list = rule.find(key);
  return list != rule.end() && std::find(list->begin(), list->end(), word) != list->end();
}

bool permits(const json& rules, const domain::Caller& caller, domain::Action action,
             const domain::Relations& object) {
  return std::ranges::any_of(rules, [&](const json& rule) {
    for (const domain::Relation relation : domain::all_relations())
      if (relation != domain::Relation::agency_kind &&
          names(rule, "conditions", name_of(relation)) && !object.has(relation))
        return false;
    const bool fits_kind = !rule.contains("agency_kinds") || rule["agency_kinds"].empty() ||
                           names(rule, "agency_kinds", name_of(caller.agency_kind));
    return fits_kind && names(rule, "roles", name_of(caller.role)) &&
           names(rule, "actions", name_of(action));
  });
}

/// One object in `stride` is asked for: all of them cost more than the parsing.
bool judge_permissions(std::string_view text) {
  const auto policy = runtime::parse_permissions(text_of("permissions", text));
  if (!policy) return false;
  const json rules = value_of(text)["rules"];
  constexpr std::size_t stride = 6'011;
  const std::size_t sets = std::size_t{1} << domain::all_relations().size();
  const std::size_t all = domain::all_roles.size() * domain::all_actions().size() *
                          domain::all_agency_kinds.size() * sets;
  for (std::size_t number = text.size() % stride; number < all; number += stride) {
    std::size_t rest = number;
    const auto next = [&rest](std::size_t size) {
      const std::size_t place = rest % size;
      rest /= size;
      return place;
    };
    const std::size_t bits = next(sets);
    const AgencyKind kind = domain::all_agency_kinds[next(domain::all_agency_kinds.size())];
    const domain::Action action = domain::all_actions()[next(domain::all_actions().size())];
    const Role role = domain::all_roles[rest];
    domain::Relations object;
    for (const domain::Relation relation : domain::all_relations())
      if ((bits >> static_cast<unsigned>(relation) & 1) != 0) object.add(relation);
    const domain::Caller caller{{}, {}, {}, kind, role};
    const bool is_acting = domain::is_open_to_acting_supervisors(action) &&
                           object.has(domain::Relation::acting_supervisor);
    const bool is_hidden = domain::is_hidden_from_strangers(action) && !is_acting &&
                           !object.has(domain::Relation::channel_member);
    const bool is_permitted =
        policy->authorize(caller, action, object) == domain::Decision::permitted;
    const bool is_barred = !domain::find_bar(role, action, object).empty();
    require(is_permitted == (!is_hidden && !is_barred && permits(rules, caller, action, object)),
            "a permission policy decides as its text says");
    const domain::Explanation explanation = policy->explain(caller, action, object);
    require((explanation.rule != 0) == is_permitted, "a yes names its rule, a no names none");
  }
  return true;
}

bool judge_seating(std::string_view text) {
  const auto policy = runtime::parse_seating(text_of("channel_seating", text));
  if (!policy) return false;
  const json rules = value_of(text)["rules"];
  for (const ChannelKind channel : domain::all_channel_kinds)
    for (const AgencyKind agency : domain::all_agency_kinds) {
      const auto applies = [&](const json& rule) {
        return names(rule, "channel_kinds", name_of(channel)) &&
               names(rule, "agency_kinds", name_of(agency));
      };
      require(std::ranges::count_if(rules, applies) == 1, "each pair has one row");
      const json& rule = *std::ranges::find_if(rules, applies);
      require(policy->may_sit(channel, agency) == rule["allowed"], "seated as the text says");
      require(policy->find(channel, agency)->reason == rule["reason"], "with the text's reason");
    }
  return true;
}

bool judge_names(std::string_view text) {
  const auto policy = runtime::parse_name_visibility(text_of("name_visibility", text));
  if (!policy) return false;
  const json rules = value_of(text)["rules"];
  const AgencyId other{{1}};
  for (const AgencyKind kind : domain::all_agency_kinds) {
    const auto applies = [&](const json& r) { return names(r, "agency_kinds", name_of(kind)); };
    require(std::ranges::count_if(rules, applies) == 1, "each kind of agency has one row");
    const bool to_all = (*std::ranges::find_if(rules, applies))["shown_to"] ==
                        name_of(domain::NameAudience::all_agencies);
    require(policy->is_visible({}, other, kind, false) == to_all, "shown as the text says");
    require(policy->is_visible({}, other, kind, true), "colleagues see names");
  }
  return true;
}

bool judge_calendar(std::string_view text) {
  const auto calendar = runtime::parse_calendar(text_of("calendar", text));
  if (!calendar) return false;
  // Three years, some days apart.
  for (Milliseconds time = 1'767'225'600'000; time < 1'861'920'000'000; time += 61 * 3'600'000) {
    const DayNumber day = calendar->day_of(time);
    const unsigned minute = calendar->minute_of(time);
    require(minute < 24 * 60, "a day has 1,440 minutes");
    const Milliseconds moment = calendar->moment(day, minute);
    require(calendar->day_of(moment) == day && calendar->minute_of(moment) == minute,
            "what the clock shows is found again");
    if (!calendar->is_working_day(day)) continue;
    const domain::WorkingHours hours = calendar->hours_of(day);
    require(hours.from_minute < hours.to_minute && hours.to_minute <= 24 * 60,
            "a working day has working hours");
  }
  return true;
}

bool judge_deadlines(std::string_view text) {
  const auto policy = runtime::parse_deadlines(text_of("deadlines", text));
  if (!policy) return false;
  const json document = value_of(text);
  for (const json& clock : document["task_clocks"])
    for (const json& urgency : document["urgency_classes"]) {
      const auto rule = policy->find_rule(clock["kinds"][0].get<std::string>(),
                                          urgency["class"].get<std::string>());
      require(rule.has_value() && rule->amount > 0, "every kind has a rule for every class");
      require((rule->counts == domain::ClockCounts::hours) ==
                  (urgency.contains("hours") || clock["counts"] == "hours"),
              "it counts as its text says");
    }
  return true;
}

}  // namespace

bool judge(ByteView input) {
  if (input.empty()) return false;
  const std::string_view text = as_text(input).substr(1);
  switch (input[0]) {
    case 'p':
      return judge_permissions(text);
    case 's':
      return judge_seating(text);
    case 'n':
      return judge_names(text);
    case 'c':
      return judge_calendar(text);
    case 'd':
      return judge_deadlines(text);
  }
  return false;
}

}  // namespace oberih::fuzz
