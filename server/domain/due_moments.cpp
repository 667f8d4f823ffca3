// SPDX-License-Identifier: Apache-2.0
#include "server/domain/due_moments.hpp"

#include <algorithm>

namespace oberih::domain {

std::vector<DueMoment> due_moments(const DueNotices& notices, Milliseconds due_ms) {
  const auto ms_of = [](unsigned minutes) {
    return minutes * static_cast<Milliseconds>(minute_ms);
  };
  std::vector<DueMoment> moments;
  for (const unsigned minutes : notices.remind_minutes_before)
    if (minutes != 0 && ms_of(minutes) < due_ms)
      moments.push_back({DueMoment::What::reminder, minutes, due_ms - ms_of(minutes)});
  moments.push_back({DueMoment::What::overdue, 0, due_ms});
  for (const unsigned minutes : notices.escalate_minutes_after)
    moments.push_back({DueMoment::What::escalation, minutes, due_ms + ms_of(minutes)});
  return moments;
}

std::vector<HearingMoment> hearing_moments(const HearingNotices& notices, Milliseconds start_ms) {
  std::vector<HearingMoment> moments;
  const auto take = [&](HearingMoment::What what, const std::vector<unsigned>& all_minutes) {
    for (const unsigned minutes : all_minutes) {
      const Milliseconds before = minutes * static_cast<Milliseconds>(minute_ms);
      if (before < start_ms) moments.push_back({what, minutes, start_ms - before});
    }
  };
  take(HearingMoment::What::reminder, notices.remind_minutes_before);
  take(HearingMoment::What::alarm, notices.alarm_minutes_before);
  std::stable_sort(
      moments.begin(), moments.end(),
      [](const HearingMoment& a, const HearingMoment& b) { return a.at_ms < b.at_ms; });
  return moments;
}

}  // namespace oberih::domain
