// SPDX-License-Identifier: Apache-2.0
// The moments at which a step of the evidence ladder that is missing is said to be: at its limit,
// and an acknowledgement again and again behind it. A pure function of the entry's time and a row
// of the policy.
#pragma once

#include <vector>

#include "server/domain/deadline_policy.hpp"

namespace oberih::domain {

/// How often a missing acknowledgement is said again. Hourly that is a day: whoever has not heard
/// it by then has to be reached in another way, and the journal is not to grow without end.
inline constexpr unsigned evidence_repeats_at_most = 24;

struct EvidenceMoment {
  EvidenceStep step{};
  Milliseconds due_ms = 0;  // the limit
  Milliseconds at_ms = 0;   // the same, or behind it at a repeat

  bool operator==(const EvidenceMoment&) const = default;
};

/// In the order of time, and of the ladder where they fall together.
std::vector<EvidenceMoment> evidence_moments(const EvidenceLimit& limit, Milliseconds entry_ms);

}  // namespace oberih::domain
