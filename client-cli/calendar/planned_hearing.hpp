// SPDX-License-Identifier: Apache-2.0
// When a hearing is to take place as it stands, and who and which room it takes. Pure: calendars
// and clashes are computed from it.
#pragma once

#include <optional>
#include <vector>

#include "protocol/sealing/hearing.hpp"

namespace oberih::client {

struct PlannedHearing {
  HearingId id;
  AgencyId court;
  WallTime start;
  std::uint16_t minutes = 0;
  sealing::RoomId room;  // zero: none is named
  std::vector<sealing::HearingAddressee> addressees;
};

/// Nothing: no session of it is to come, because it was held, closed or cancelled, or was
/// adjourned or interrupted without a date.
std::optional<PlannedHearing> find_plan(const sealing::Hearing& hearing);

/// When the next session begins; the newest one where none is to come.
WallTime start_of_session(const sealing::Hearing& hearing);

}  // namespace oberih::client
