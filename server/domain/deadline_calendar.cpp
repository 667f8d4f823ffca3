// SPDX-License-Identifier: Apache-2.0
#include "server/domain/deadline_calendar.hpp"

#include <algorithm>

namespace oberih::domain {
namespace {

constexpr Milliseconds hour_ms = 60 * minute_ms;

/// The day from which days are counted: it is not counted itself.
DayNumber first_day(Milliseconds start_ms, const DeadlineRule& rule, const WorkCalendar& calendar) {
  const DayNumber day = calendar.day_of(start_ms);
  if (!rule.late_start_counts_next_day) return day;
  const bool is_late = !calendar.is_working_day(day) ||
                       calendar.minute_of(start_ms) >= calendar.hours_of(day).to_minute;
  return is_late ? calendar.next_working_day(day + 1) : day;
}

DayNumber last_day(DayNumber first, const DeadlineRule& rule, unsigned amount,
                   const WorkCalendar& calendar) {
  DayNumber day = first;
  if (rule.counts == ClockCounts::working_days)
    for (unsigned counted = 0; counted < amount; ++counted)
      day = calendar.next_working_day(day + 1);
  else
    day += amount;
  return rule.moves_to_working_day ? calendar.next_working_day(day) : day;
}

Milliseconds end_of(DayNumber day, const DeadlineRule& rule, const WorkCalendar& calendar) {
  switch (rule.ends) {
    case DayEnds::midnight:
      return calendar.moment(day + 1, 0);
    case DayEnds::closing:
      // A last day that is not worked, where it does not move, ends with itself.
      return calendar.is_working_day(day) ? calendar.moment(day, calendar.hours_of(day).to_minute)
                                          : calendar.moment(day + 1, 0);
  }
  return 0;
}

constexpr std::uint64_t whole_day = 1'000'000;  // fractions without floating point: one result

/// What of the time between the two lies in working hours, in millionths of days of work.
std::uint64_t work_between(Milliseconds from_ms, Milliseconds to_ms, const WorkCalendar& calendar) {
  std::uint64_t work = 0;
  for (DayNumber day = calendar.day_of(from_ms); day <= calendar.day_of(to_ms); ++day) {
    if (!calendar.is_working_day(day)) continue;
    const WorkingHours hours = calendar.hours_of(day);
    const Milliseconds opens = calendar.moment(day, hours.from_minute);
    const Milliseconds closes = calendar.moment(day, hours.to_minute);
    const Milliseconds from = std::max(opens, from_ms), to = std::min(closes, to_ms);
    if (from < to) work += (to - from) * whole_day / (closes - opens);
  }
  return work;
}

/// Paused time as it adds up, and what it gives back.
class PausedTime {
 public:
  PausedTime(const DeadlineRule& rule, const WorkCalendar& calendar)
      : rule_(rule), calendar_(calendar) {}

  void add(Milliseconds from_ms, Milliseconds to_ms) {
    paused_ += rule_.counts == ClockCounts::working_days ? work_between(from_ms, to_ms, calendar_)
                                                         : to_ms - from_ms;
  }
  Milliseconds ms() const { return paused_; }
  unsigned days() const {
    const std::uint64_t day =
        rule_.counts == ClockCounts::working_days ? whole_day : static_cast<std::uint64_t>(day_ms);
    return static_cast<unsigned>((paused_ + day - 1) / day);
  }

 private:
  const DeadlineRule& rule_;
  const WorkCalendar& calendar_;
  std::uint64_t paused_ = 0;
};

Milliseconds due_after_pauses(Milliseconds start_ms, const DeadlineRule& rule,
                              const WorkCalendar& calendar, const PausedTime& paused) {
  if (rule.counts == ClockCounts::hours) return start_ms + rule.amount * hour_ms + paused.ms();
  const DayNumber first = first_day(start_ms, rule, calendar);
  return end_of(last_day(first, rule, rule.amount + paused.days(), calendar), rule, calendar);
}

}  // namespace

std::optional<Milliseconds> due_ms(Milliseconds start_ms, const DeadlineRule& rule,
                                   const WorkCalendar& calendar,
                                   const std::vector<PausedInterval>& pauses) {
  PausedTime paused(rule, calendar);
  Milliseconds due = due_after_pauses(start_ms, rule, calendar, paused);
  for (const PausedInterval& pause : pauses) {
    const Milliseconds from = std::max(pause.from_ms, start_ms);
    if (from >= due) break;
    if (pause.to_ms == 0) return std::nullopt;
    if (pause.to_ms <= from) continue;
    paused.add(from, pause.to_ms);
    due = due_after_pauses(start_ms, rule, calendar, paused);
  }
  return due;
}

}  // namespace oberih::domain
