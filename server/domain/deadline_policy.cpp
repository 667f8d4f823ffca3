// SPDX-License-Identifier: Apache-2.0
#include "server/domain/deadline_policy.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <set>

namespace oberih::domain {
namespace {

constexpr std::array priorities = {Priority::normal, Priority::urgent};
constexpr std::array timed_entry_types = {EntryType::message, EntryType::task, EntryType::hearing};

template <class List, class Value>
bool holds(const List& list, const Value& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

std::string quoted(std::string_view word) { return "'" + std::string(word) + "'"; }

std::string check_classes(const DeadlineRows& rows) {
  std::set<std::string> names{std::string(date_class)};
  for (const UrgencyClass& each : rows.classes) {
    if (!names.insert(each.name).second)
      return "the urgency class " + quoted(each.name) + " stands twice";
    if ((each.hours == 0) == (each.days == 0))
      return "the urgency class " + quoted(each.name) + " has either hours or days";
  }
  return {};
}

std::string check_clocks(const DeadlineRows& rows) {
  std::set<std::string> kinds;
  for (const TaskClock& clock : rows.clocks) {
    for (const std::string& kind : clock.kinds)
      if (!kinds.insert(kind).second) return "the task kind " + quoted(kind) + " has two clocks";
    if (clock.rule.counts == ClockCounts::hours &&
        (clock.rule.moves_to_working_day || clock.rule.late_start_counts_next_day))
      return "a clock that counts hours knows no working days";
  }
  return {};
}

std::string check_evidence(const DeadlineRows& rows) {
  std::set<std::pair<EntryType, Priority>> pairs;
  for (const EvidenceLimit& limit : rows.evidence) {
    if (limit.delivered_minutes > limit.opened_minutes ||
        limit.opened_minutes > limit.acknowledged_minutes)
      return "limits of the evidence ladder rise: delivered, opened, acknowledged";
    if (limit.repeat_minutes != 0 && limit.acknowledged_minutes == 0)
      return "an acknowledgement without a limit is not asked for again";
    for (EntryType type : limit.entry_types) {
      if (!holds(timed_entry_types, type))
        return "entries of type " + quoted(name_of(type)) + " have no evidence ladder";
      for (Priority priority : limit.priorities)
        if (!pairs.emplace(type, priority).second)
          return "two limits are for " + quoted(name_of(type)) + " of priority " +
                 quoted(name_of(priority));
    }
  }
  for (EntryType type : timed_entry_types)
    for (Priority priority : priorities)
      if (!pairs.contains({type, priority}))
        return "no limit is for " + quoted(name_of(type)) + " of priority " +
               quoted(name_of(priority));
  return {};
}

std::string check_notices(const DeadlineRows& rows) {
  std::set<std::string> named;
  for (const DueNotices& notices : rows.notices) {
    for (const std::string& name : notices.classes)
      if (!named.insert(name).second)
        return "the class " + quoted(name) + " has two rows of notices";
    const auto& before = notices.remind_minutes_before;
    const auto& after = notices.escalate_minutes_after;
    if (std::adjacent_find(before.begin(), before.end(), std::less_equal<>()) != before.end())
      return "reminders come nearer and nearer to the due time";
    if (std::adjacent_find(after.begin(), after.end(), std::greater_equal<>()) != after.end())
      return "escalations go further and further from the due time";
  }
  std::set<std::string> expected{std::string(date_class)};
  for (const UrgencyClass& each : rows.classes) expected.insert(each.name);
  for (const std::string& name : expected)
    if (!named.contains(name)) return "the class " + quoted(name) + " has no notices";
  for (const std::string& name : named)
    if (!expected.contains(name)) return "notices are for the unknown class " + quoted(name);
  return {};
}

std::string check_hearing_notices(const DeadlineRows& rows) {
  for (const auto* minutes :
       {&rows.hearings.remind_minutes_before, &rows.hearings.alarm_minutes_before}) {
    if (std::adjacent_find(minutes->begin(), minutes->end(), std::less_equal<>()) != minutes->end())
      return "what is said of a hearing comes nearer and nearer to its start";
    if (holds(*minutes, 0U)) return "what is said of a hearing is said before its start";
  }
  return {};
}

}  // namespace

std::string_view name_of(Priority priority) {
  switch (priority) {
    case Priority::normal:
      return "normal";
    case Priority::urgent:
      return "urgent";
  }
  return {};
}

std::optional<Priority> find_priority(std::string_view name) {
  for (Priority priority : priorities)
    if (name_of(priority) == name) return priority;
  return std::nullopt;
}

std::variant<DeadlinePolicy, std::string> DeadlinePolicy::make(DeadlineRows rows) {
  for (const auto& check :
       {check_classes, check_clocks, check_evidence, check_notices, check_hearing_notices})
    if (std::string fault = check(rows); !fault.empty()) return fault;
  DeadlinePolicy policy;
  policy.rows_ = std::move(rows);
  return policy;
}

const UrgencyClass* DeadlinePolicy::find_class(std::string_view name) const {
  for (const UrgencyClass& each : rows_.classes)
    if (each.name == name) return &each;
  return nullptr;
}

const TaskClock* DeadlinePolicy::find_clock(std::string_view task_kind) const {
  for (const TaskClock& clock : rows_.clocks)
    if (holds(clock.kinds, task_kind)) return &clock;
  return nullptr;
}

const EvidenceLimit* DeadlinePolicy::find_evidence_limit(EntryType type, Priority priority) const {
  for (const EvidenceLimit& limit : rows_.evidence)
    if (holds(limit.entry_types, type) && holds(limit.priorities, priority)) return &limit;
  return nullptr;
}

const DueNotices* DeadlinePolicy::find_notices(std::string_view urgency_class) const {
  for (const DueNotices& notices : rows_.notices)
    if (holds(notices.classes, urgency_class)) return &notices;
  return nullptr;
}

std::optional<DeadlineRule> DeadlinePolicy::find_rule(std::string_view task_kind,
                                                      std::string_view urgency_class) const {
  const UrgencyClass* urgency = find_class(urgency_class);
  const TaskClock* clock = find_clock(task_kind);
  if (urgency == nullptr || clock == nullptr) return std::nullopt;
  if (urgency->hours != 0)
    return DeadlineRule{ClockCounts::hours, urgency->hours, {}, false, false};
  DeadlineRule rule = clock->rule;
  rule.amount = rule.counts == ClockCounts::hours ? urgency->days * 24 : urgency->days;
  return rule;
}

}  // namespace oberih::domain
