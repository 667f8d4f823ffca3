// SPDX-License-Identifier: Apache-2.0
// When something is due: pure functions of its beginning, a rule, the calendar and the times in
// which the work was paused. Counted as procedure counts (Criminal Procedure Code of Ukraine,
// art. 115): hours run through nights and days off; in days, the day of the beginning is not
// counted.
#pragma once

#include <optional>
#include <vector>

#include "server/domain/work_calendar.hpp"

namespace oberih::domain {

enum class ClockCounts { hours, calendar_days, working_days };
enum class DayEnds { midnight, closing };

struct DeadlineRule {
  ClockCounts counts{};
  unsigned amount = 0;  // hours or days
  DayEnds ends{};       // of the last day; not for hours
  /// A last day that is not worked gives way to the next that is; not for hours.
  bool moves_to_working_day = false;
  /// What comes after closing or on a day off counts as come on the next working day.
  bool late_start_counts_next_day = false;
};

/// INVARIANT of a list: ascending, none overlaps another, and only the last may be open.
struct PausedInterval {
  Milliseconds from_ms = 0;
  Milliseconds to_ms = 0;  // 0: paused still
};

/// When it is due; nothing while it is paused. A pause that begins at or after the due time heals
/// nothing. In hours, the paused time is added; in days, whole days of the rule's kind: the paused
/// time of all pauses together, rounded up (of working days, only what lies in working hours).
std::optional<Milliseconds> due_ms(Milliseconds start_ms, const DeadlineRule& rule,
                                   const WorkCalendar& calendar,
                                   const std::vector<PausedInterval>& pauses = {});

}  // namespace oberih::domain
