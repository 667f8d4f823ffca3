// SPDX-License-Identifier: Apache-2.0
#include "server/domain/evidence_moments.hpp"

#include <algorithm>

namespace oberih::domain {
namespace {

unsigned limit_minutes(const EvidenceLimit& limit, EvidenceStep step) {
  switch (step) {
    case EvidenceStep::delivered:
      return limit.delivered_minutes;
    case EvidenceStep::opened:
      return limit.opened_minutes;
    case EvidenceStep::acknowledged:
      return limit.acknowledged_minutes;
  }
  return 0;
}

}  // namespace

std::vector<EvidenceMoment> evidence_moments(const EvidenceLimit& limit, Milliseconds entry_ms) {
  std::vector<EvidenceMoment> moments;
  for (const EvidenceStep step : all_evidence_steps) {
    const unsigned minutes = limit_minutes(limit, step);
    if (minutes == 0) continue;
    const Milliseconds due_ms = entry_ms + minutes * static_cast<Milliseconds>(minute_ms);
    moments.push_back({step, due_ms, due_ms});
    if (step != EvidenceStep::acknowledged || limit.repeat_minutes == 0) continue;
    for (Milliseconds repeat = 1; repeat <= evidence_repeats_at_most; ++repeat)
      moments.push_back(
          {step, due_ms,
           due_ms + repeat * limit.repeat_minutes * static_cast<Milliseconds>(minute_ms)});
  }
  std::stable_sort(
      moments.begin(), moments.end(),
      [](const EvidenceMoment& a, const EvidenceMoment& b) { return a.at_ms < b.at_ms; });
  return moments;
}

}  // namespace oberih::domain
