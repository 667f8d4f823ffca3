// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/deadline_loader.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace oberih::runtime {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 7> weekdays = {"monday", "tuesday",  "wednesday", "thursday",
                                                      "friday", "saturday", "sunday"};

std::optional<unsigned> parse_digits(std::string_view text) {
  unsigned number = 0;
  for (char digit : text) {
    if (digit < '0' || digit > '9') return std::nullopt;
    number = number * 10 + static_cast<unsigned>(digit - '0');
  }
  return number;
}

std::string text_of(const json& row, const char* key) { return row[key].get<std::string>(); }

std::string place(const char* section, std::size_t row) {
  return " (/" + std::string(section) + "/" + std::to_string(row) + ")";
}

/// Reads the rows of the calendar. Failure is sticky: the first fault refuses the file.
class CalendarReader {
 public:
  explicit CalendarReader(const json& document) : document_(document) {}

  domain::CalendarRows read() {
    read_clock();
    read_week();
    read_holidays();
    read_martial_law();
    each("exceptional_days", [this](const json& row) {
      rows_.exceptional_days.push_back({day(row, "date"), row["works"].get<bool>()});
    });
    return std::move(rows_);
  }
  const std::string& fault() const { return fault_; }

 private:
  template <class Take>
  void each(const char* section, Take take) {
    section_ = section;
    row_ = 0;
    for (const json& row : document_[section]) {
      take(row);
      ++row_;
    }
  }
  void fail(const std::string& why) {
    if (fault_.empty()) fault_ = why + place(section_, row_);
  }
  DayNumber day(const json& row, const char* key) {
    const std::string text = text_of(row, key);
    const auto date = parse_civil_date(text);
    if (date) return day_number(*date);
    fail("no calendar has the day '" + text + "'");
    return 0;
  }
  void read_clock() {
    each("clock", [this](const json& row) {
      rows_.clock.push_back(
          {day(row, "from"), row["standard_minutes"].get<int>(), row["summer_time"].get<bool>()});
    });
  }
  void read_week() {
    each("working_hours", [this](const json& row) {
      const domain::WorkingHours hours{*parse_clock_minute(text_of(row, "from")),
                                       *parse_clock_minute(text_of(row, "to"))};
      for (const json& name : row["days"]) {
        const auto word = name.get<std::string>();
        const auto found = std::find(weekdays.begin(), weekdays.end(), word);
        auto& of_day = rows_.week[static_cast<std::size_t>(found - weekdays.begin())];
        if (of_day) fail("'" + word + "' has working hours twice");
        of_day = hours;
      }
    });
  }
  void read_holidays() {
    each("holidays", [this](const json& row) {
      domain::Holiday holiday;
      holiday.name = text_of(row, "name");
      holiday.moves_from_day_off = row["moves_from_day_off"].get<bool>();
      holiday.is_suspended_by_martial_law = row["suspended_by_martial_law"].get<bool>();
      if (row.contains("date") == row.contains("days_after_easter"))
        return fail("a holiday has a date or days_after_easter, and not both");
      if (row.contains("date")) {
        const std::string date = text_of(row, "date");
        const std::string_view month_and_day = std::string_view(date).substr(date.size() - 5);
        if (date.size() == 10) holiday.year = static_cast<int>(*parse_digits(date.substr(0, 4)));
        holiday.month = *parse_digits(month_and_day.substr(0, 2));
        holiday.day = *parse_digits(month_and_day.substr(3));
      } else {
        holiday.days_after_easter = row["days_after_easter"].get<int>();
      }
      rows_.holidays.push_back(std::move(holiday));
    });
  }
  void read_martial_law() {
    each("martial_law", [this](const json& row) {
      domain::DaySpan span{day(row, "from"), {}};
      if (row.contains("to")) span.last = day(row, "to");
      rows_.martial_law.push_back(span);
    });
  }

  const json& document_;
  domain::CalendarRows rows_;
  std::string fault_;
  const char* section_ = "";
  std::size_t row_ = 0;
};

std::vector<std::string> texts_of(const json& list) { return list.get<std::vector<std::string>>(); }

domain::ClockCounts counts_of(std::string_view word) {
  if (word == "hours") return domain::ClockCounts::hours;
  return word == "calendar_days" ? domain::ClockCounts::calendar_days
                                 : domain::ClockCounts::working_days;
}

domain::TaskClock clock_of(const json& row) {
  domain::DeadlineRule rule;
  rule.counts = counts_of(text_of(row, "counts"));
  rule.ends =
      text_of(row, "ends") == "closing" ? domain::DayEnds::closing : domain::DayEnds::midnight;
  rule.moves_to_working_day = row["moves_to_working_day"].get<bool>();
  rule.late_start_counts_next_day = row["late_start_counts_next_day"].get<bool>();
  return {texts_of(row["kinds"]), rule, text_of(row, "law"), text_of(row, "reason")};
}

domain::EvidenceLimit limit_of(const json& row) {
  domain::EvidenceLimit limit;
  for (const std::string& word : texts_of(row["entry_types"]))
    for (EntryType type : {EntryType::message, EntryType::task, EntryType::hearing})
      if (name_of(type) == word) limit.entry_types.push_back(type);
  for (const std::string& word : texts_of(row["priorities"]))
    limit.priorities.push_back(*domain::find_priority(word));
  limit.delivered_minutes = row["delivered_minutes"].get<unsigned>();
  limit.opened_minutes = row["opened_minutes"].get<unsigned>();
  limit.acknowledged_minutes = row["acknowledged_minutes"].get<unsigned>();
  limit.reason = text_of(row, "reason");
  limit.repeat_minutes = row.value("repeat_minutes", 0U);
  return limit;
}

domain::DeadlineRows deadline_rows(const json& document) {
  domain::DeadlineRows rows;
  for (const json& row : document["urgency_classes"])
    rows.classes.push_back({text_of(row, "class"), row.value("hours", 0U), row.value("days", 0U)});
  for (const json& row : document["task_clocks"]) rows.clocks.push_back(clock_of(row));
  for (const json& row : document["evidence_limits"]) rows.evidence.push_back(limit_of(row));
  for (const json& row : document["due_notices"])
    rows.notices.push_back(
        {texts_of(row["classes"]), row["remind_minutes_before"].get<std::vector<unsigned>>(),
         row["escalate_minutes_after"].get<std::vector<unsigned>>(), text_of(row, "reason")});
  const json& hearings = document["hearing_notices"];
  rows.hearings = {hearings["remind_minutes_before"].get<std::vector<unsigned>>(),
                   hearings["alarm_minutes_before"].get<std::vector<unsigned>>(),
                   text_of(hearings, "reason"), text_of(hearings, "law")};
  return rows;
}

/// The document where it is JSON that fits its schema.
Result<json> parse_checked(const PolicyText& policy) {
  Result<json> document = parse_policy_json(policy);
  if (!document) return document;
  if (auto checked = check_policy_schema(policy, *document); !checked) return checked.error();
  return document;
}

template <class Value>
Result<Value> made_of(const PolicyText& policy, std::variant<Value, std::string> made) {
  if (auto* fault = std::get_if<std::string>(&made)) return unfit_policy(policy, *fault + ".");
  return std::get<Value>(std::move(made));
}

}  // namespace

std::optional<CivilDate> parse_civil_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = parse_digits(text.substr(0, 4));
  const auto month = parse_digits(text.substr(5, 2)), day = parse_digits(text.substr(8));
  if (!year || !month || !day || *year < 1970) return std::nullopt;
  const CivilDate date{static_cast<int>(*year), *month, *day};
  return is_real_date(date) ? std::optional(date) : std::nullopt;
}

std::optional<unsigned> parse_clock_minute(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = parse_digits(text.substr(0, 2)), minute = parse_digits(text.substr(3));
  if (!hour || !minute || *minute > 59 || *hour * 60 + *minute > 24 * 60) return std::nullopt;
  return *hour * 60 + *minute;
}

Result<domain::WorkCalendar> parse_calendar(const PolicyText& policy) {
  const Result<json> document = parse_checked(policy);
  if (!document) return document.error();
  CalendarReader reader(*document);
  domain::CalendarRows rows = reader.read();
  if (!reader.fault().empty()) return unfit_policy(policy, reader.fault() + ".");
  return made_of(policy, domain::WorkCalendar::make(std::move(rows)));
}

Result<domain::DeadlinePolicy> parse_deadlines(const PolicyText& policy) {
  const Result<json> document = parse_checked(policy);
  if (!document) return document.error();
  return made_of(policy, domain::DeadlinePolicy::make(deadline_rows(*document)));
}

}  // namespace oberih::runtime
