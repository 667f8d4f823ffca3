// SPDX-License-Identifier: Apache-2.0
#include "client-cli/calendar/planned_hearing.hpp"

namespace oberih::client {

using sealing::HearingState;

WallTime start_of_session(const sealing::Hearing& hearing) {
  const bool goes_on =
      hearing.state == HearingState::recessed || hearing.state == HearingState::adjourned;
  return goes_on && hearing.goes_on ? *hearing.goes_on : hearing.notice.start;
}

std::optional<PlannedHearing> find_plan(const sealing::Hearing& hearing) {
  switch (hearing.state) {
    case HearingState::scheduled:
      break;
    case HearingState::recessed:
    case HearingState::adjourned:
      if (!hearing.goes_on) return std::nullopt;
      break;
    case HearingState::held:
    case HearingState::closed:
    case HearingState::cancelled:
      return std::nullopt;
  }
  const sealing::HearingNotice& notice = hearing.notice;
  return PlannedHearing{hearing.id,     notice.court, start_of_session(hearing),
                        notice.minutes, notice.room,  notice.addressees};
}

}  // namespace oberih::client
