// SPDX-License-Identifier: Apache-2.0
// The moments at which something is said of what is due: before it, at it, after it. A pure
// function of the due time and a row of the policy.
#pragma once

#include <vector>

#include "server/domain/deadline_policy.hpp"

namespace oberih::domain {

struct DueMoment {
  // In the order in which they are said where they fall together.
  enum class What { reminder, overdue, escalation } what{};
  unsigned minutes = 0;  // of a reminder before the due time, of an escalation after it
  Milliseconds at_ms = 0;

  bool operator==(const DueMoment&) const = default;
};

/// In the order of time. A reminder of no minutes is none: what is overdue says it.
std::vector<DueMoment> due_moments(const DueNotices& notices, Milliseconds due_ms);

/// The moments at which something is said of a hearing, all of them before its start.
struct HearingMoment {
  enum class What { reminder, alarm } what{};
  unsigned minutes = 0;  // before the start
  Milliseconds at_ms = 0;

  bool operator==(const HearingMoment&) const = default;
};

/// In the order of time; where they fall together, the reminder first.
std::vector<HearingMoment> hearing_moments(const HearingNotices& notices, Milliseconds start_ms);

}  // namespace oberih::domain
