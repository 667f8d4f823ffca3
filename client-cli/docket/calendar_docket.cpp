// SPDX-License-Identifier: Apache-2.0
#include "client-cli/docket/calendar_docket.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "client-cli/docket/content_lines.hpp"
#include "client-cli/docket/event_times.hpp"

namespace oberih::client {
namespace {

constexpr std::size_t components_at_most = 5;  // within one another

constexpr std::array<std::string_view, 9> single_properties = {
    "DTSTART",  "DTEND",  "DURATION",      "SUMMARY", "DESCRIPTION",
    "LOCATION", "STATUS", "X-OBERIH-CASE", "UID"};
constexpr std::array<std::string_view, 5> recurrences = {"RRULE", "RDATE", "EXDATE", "EXRULE",
                                                         "RECURRENCE-ID"};

template <std::size_t N>
bool stands_in(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// What is kept of an event while it is read.
struct OpenEvent {
  std::size_t line = 0;
  std::map<std::string, ContentLine, std::less<>> properties;
  std::optional<DocketRefusal> fault;

  void refuse_for(std::size_t at, DocketFault why, std::string_view field = {}) {
    if (!fault) fault = DocketRefusal{at, why, std::string(field.substr(0, 200))};
  }
  void take(ContentLine line_of_it) {
    const std::size_t at = line_of_it.line;
    if (line_of_it.is_broken) return refuse_for(at, DocketFault::line_broken);
    if (stands_in(recurrences, line_of_it.name))
      return refuse_for(at, DocketFault::recurring, line_of_it.name);
    if (!stands_in(single_properties, line_of_it.name)) return;
    if (line_of_it.value.size() > docket_field_bytes_at_most)
      return refuse_for(at, DocketFault::field_too_long, line_of_it.name);
    std::string name = line_of_it.name;
    if (!properties.emplace(name, std::move(line_of_it)).second)
      refuse_for(at, DocketFault::property_twice, name);
  }
  const ContentLine* find(std::string_view name) const {
    const auto found = properties.find(name);
    return found == properties.end() ? nullptr : &found->second;
  }
  std::string text(std::string_view name) const {
    const ContentLine* property = find(name);
    return property == nullptr ? std::string()
                               : std::string(trim_blanks(text_of_value(property->value)));
  }
};

/// Why the event's times are none; sets what they are.
std::optional<DocketRefusal> read_times(const OpenEvent& event, DocketRow& row) {
  const ContentLine* start = event.find("DTSTART");
  if (start == nullptr) return DocketRefusal{event.line, DocketFault::date_missing, {}};
  const EventTime begin = read_event_time(*start);
  if (begin.fault) return DocketRefusal{start->line, *begin.fault, start->value};
  row.start = begin.time;
  if (const ContentLine* end = event.find("DTEND")) {
    const EventTime finish = read_event_time(*end);
    if (finish.fault) return DocketRefusal{end->line, *finish.fault, end->value};
    const auto minutes = minutes_between(begin.time, finish.time);
    if (!minutes) return DocketRefusal{end->line, DocketFault::minutes_invalid, end->value};
    row.minutes = *minutes;
  } else if (const ContentLine* duration = event.find("DURATION")) {
    const auto minutes = minutes_of_duration(duration->value);
    if (!minutes)
      return DocketRefusal{duration->line, DocketFault::minutes_invalid, duration->value};
    row.minutes = *minutes;
  }
  return std::nullopt;
}

/// `757/1/27: preparatory hearing`, as our own calendars have it, without the number.
std::string act_of(std::string summary, const std::string& case_number) {
  const std::string before = case_number + ": ";
  if (summary.starts_with(before)) summary.erase(0, before.size());
  return summary;
}

Result<> take_event(Docket& docket, const OpenEvent& event) {
  if (event.fault)
    return refuse_row(docket, event.fault->line, event.fault->fault, event.fault->field);
  if (event.text("STATUS") == "CANCELLED")
    return refuse_row(docket, event.line, DocketFault::cancelled, event.text("SUMMARY"));
  DocketRow row;
  row.line = event.line;
  if (const auto fault = read_times(event, row))
    return refuse_row(docket, fault->line, fault->fault, fault->field);
  const std::string summary = event.text("SUMMARY");
  row.case_number = event.text("X-OBERIH-CASE");
  if (row.case_number.empty()) row.case_number = find_case_number(summary);
  if (row.case_number.empty()) row.case_number = find_case_number(event.text("DESCRIPTION"));
  row.act = act_of(summary, row.case_number);
  row.room = event.text("LOCATION");
  return take_row(docket, std::move(row));
}

/// The components that are open, from the calendar inwards, and the event among them.
class CalendarReader {
 public:
  Result<> take(ContentLine line, Docket& docket) {
    if (line.name == "BEGIN") return begin(line, docket);
    if (line.name == "END") return end(line, docket);
    if (is_in_event()) {
      event_.take(std::move(line));
      return {};
    }
    if (line.is_broken) return refuse_row(docket, line.line, DocketFault::line_broken, {});
    if (open_.size() == 1 && line.name == "METHOD" && line.value == "CANCEL") is_cancel_ = true;
    return {};
  }
  Result<> finish(Docket& docket) {
    if (!has_calendar_) return refuse(RefusalCode::docket_invalid, "it holds no calendar");
    if (!open_.empty())
      return refuse_row(docket, line_of_open_, DocketFault::event_unclosed, open_.back());
    return {};
  }
  bool is_lost() const { return is_lost_; }

 private:
  bool is_in_event() const { return open_.size() == 2 && open_.back() == "VEVENT"; }

  Result<> begin(const ContentLine& line, Docket& docket) {
    const bool is_outermost = open_.empty();
    if (is_outermost != (line.value == "VCALENDAR")) {
      if (is_outermost) return refuse(RefusalCode::docket_invalid, "it does not begin a calendar");
      return lose(line, docket);
    }
    if (open_.size() >= components_at_most) return lose(line, docket);
    has_calendar_ = true;
    open_.push_back(line.value.substr(0, 40));
    line_of_open_ = line.line;
    if (is_outermost) is_cancel_ = false;
    if (is_in_event()) event_ = OpenEvent{line.line, {}, {}};
    return {};
  }

  Result<> end(const ContentLine& line, Docket& docket) {
    if (open_.empty() || open_.back() != line.value) return lose(line, docket);
    const bool was_event = is_in_event();
    open_.pop_back();
    if (!was_event) return {};
    if (is_cancel_) event_.refuse_for(event_.line, DocketFault::cancelled);
    return take_event(docket, event_);
  }

  /// Who belongs to whom can be told no more: the rest is refused as one.
  Result<> lose(const ContentLine& line, Docket& docket) {
    is_lost_ = true;
    open_.clear();
    return refuse_row(docket, line.line, DocketFault::event_unclosed, line.value);
  }

  std::vector<std::string> open_;
  std::size_t line_of_open_ = 0;
  OpenEvent event_;
  bool has_calendar_ = false;
  bool is_cancel_ = false;
  bool is_lost_ = false;
};

bool is_number_digit(char c) { return c >= '0' && c <= '9'; }

/// Moves behind `fewest` to `most` digits; false: there are not so many.
bool skip_digits(std::string_view& text, std::size_t fewest, std::size_t most) {
  std::size_t count = 0;
  while (count < text.size() && is_number_digit(text[count])) ++count;
  text.remove_prefix(count);
  return count >= fewest && count <= most;
}

bool skip_slash(std::string_view& text) {
  if (!text.starts_with('/')) return false;
  text.remove_prefix(1);
  return true;
}

/// The bytes of a case number that `text` begins with; 0: none. The court's code has three digits
/// or four, so that no date is taken for one.
std::size_t leading_case_number(std::string_view text) {
  std::string_view rest = text;
  if (!skip_digits(rest, 3, 4) || !skip_slash(rest) || !skip_digits(rest, 1, 7) ||
      !skip_slash(rest) || !skip_digits(rest, 2, 2) || rest.starts_with('/'))
    return 0;
  // Behind a hyphen the letter of the kind of case: two bytes of Cyrillic.
  if (rest.starts_with("-\xD0") || rest.starts_with("-\xD1"))
    rest.remove_prefix(std::min<std::size_t>(rest.size(), 3));
  return text.size() - rest.size();
}

}  // namespace

std::string_view find_case_number(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool is_inside = at > 0 && (is_number_digit(text[at - 1]) || text[at - 1] == '/');
    if (is_inside || !is_number_digit(text[at])) continue;
    if (const std::size_t size = leading_case_number(text.substr(at))) return text.substr(at, size);
  }
  return {};
}

Result<Docket> read_calendar_docket(std::string_view unfolded) {
  Docket docket;
  CalendarReader reader;
  ContentLineReader lines(unfolded);
  while (!reader.is_lost()) {
    std::optional<ContentLine> line = lines.next();
    if (!line) break;
    OBERIH_TRY(reader.take(std::move(*line), docket));
  }
  OBERIH_TRY(reader.finish(docket));
  return docket;
}

}  // namespace oberih::client
