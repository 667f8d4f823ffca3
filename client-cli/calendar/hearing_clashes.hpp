// SPDX-License-Identifier: Apache-2.0
// Whether a hearing that a court is about to schedule takes a person or a room that another of its
// hearings has at that time. By ids alone: names are no proof that two people are one.
#pragma once

#include "client-cli/calendar/planned_hearing.hpp"

namespace oberih::client {

struct HearingClash {
  HearingId with;
  bool is_same_room = false;
  /// Persons, and those without an account; a unit can send two people.
  std::vector<sealing::HearingAddressee> people;

  bool operator==(const HearingClash&) const = default;
};

/// In the order of `others`; those of another court, and the hearing itself, clash with nothing.
/// Times that no clock shows clash with nothing either: the rules refuse them.
std::vector<HearingClash> find_clashes(const PlannedHearing& planned,
                                       const std::vector<PlannedHearing>& others);

}  // namespace oberih::client
