// SPDX-License-Identifier: Apache-2.0
// The Kyiv calendar as the law has it: which days are worked, between which hours, and what the
// clock on the wall shows. A value made of a policy file: no clock, no time zone database.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "protocol/base/civil_time.hpp"

namespace oberih::domain {

/// Minutes of the day; a day off has none.
struct WorkingHours {
  unsigned from_minute = 0;
  unsigned to_minute = 0;
};

struct Holiday {
  std::string name;
  std::optional<int> year;  // nothing: every year
  unsigned month = 0;       // 0: counted from Easter Sunday
  unsigned day = 0;
  int days_after_easter = 0;
  bool moves_from_day_off = false;  // to the next working day
  bool is_suspended_by_martial_law = false;
};

/// A day that a decision of the government works or does not work, whatever the rest says.
struct ExceptionalDay {
  DayNumber day = 0;
  bool is_working = false;
};

struct DaySpan {
  DayNumber first = 0;
  std::optional<DayNumber> last;  // nothing: still going on
};

/// What the clocks show from a day on.
struct ClockRule {
  DayNumber from = 0;
  int standard_minutes = 0;  // ahead of UTC
  bool has_summer_time = false;
};

struct CalendarRows {
  std::array<std::optional<WorkingHours>, 7> week;  // from Monday
  std::vector<Holiday> holidays;
  std::vector<ExceptionalDay> exceptional_days;
  std::vector<DaySpan> martial_law;
  std::vector<ClockRule> clock;  // ascending
};

class WorkCalendar {
 public:
  WorkCalendar() = default;  // of no use: no day is worked
  /// The calendar, or a sentence that says what is wrong with the rows.
  static std::variant<WorkCalendar, std::string> make(CalendarRows rows);

  bool is_working_day(DayNumber day) const;
  /// REQUIRES: a working day. An exceptional day off its week has the hours of a Monday.
  WorkingHours hours_of(DayNumber day) const;
  /// At or after `day`.
  DayNumber next_working_day(DayNumber day) const;
  bool is_martial_law(DayNumber day) const;
  /// The name of the holiday that keeps the day off work; empty where none does.
  std::string_view holiday_of(DayNumber day) const;

  /// The day in Kyiv, and the minute of it.
  DayNumber day_of(Milliseconds time) const;
  unsigned minute_of(Milliseconds time) const;
  /// When the clocks show that minute of the day (1,440: its end). Where it is skipped, the moment
  /// it would have been; where it comes twice, the first time.
  Milliseconds moment(DayNumber day, unsigned minute) const;
  int offset_minutes(Milliseconds time) const;

 private:
  bool is_day_off_by_move(DayNumber day) const;
  const Holiday* find_holiday(DayNumber day) const;
  bool is_working_weekday(DayNumber day) const { return rows_.week[weekday_of(day)].has_value(); }

  CalendarRows rows_;
};

}  // namespace oberih::domain
