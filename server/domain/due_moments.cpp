// SPDX-License-Identifier: Apache-2.0
#include "server/domain/due_moments.hpp"

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

}  // namespace oberih::domain
