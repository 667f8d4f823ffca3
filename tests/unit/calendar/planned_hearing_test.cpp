// SPDX-License-Identifier: Apache-2.0
#include "client-cli/calendar/planned_hearing.hpp"

#include <gtest/gtest.h>

namespace oberih::client {
namespace {

using sealing::HearingState;

sealing::Hearing hearing_in(HearingState state, std::optional<WallTime> goes_on = {}) {
  sealing::Hearing hearing;
  hearing.state = state;
  hearing.notice.start = {{2027, 3, 4}, 10, 0};
  hearing.notice.minutes = 60;
  hearing.goes_on = goes_on;
  return hearing;
}
const WallTime later{{2027, 4, 1}, 9, 30};

TEST(PlannedHearing, is_where_a_session_is_to_come) {
  ASSERT_TRUE(find_plan(hearing_in(HearingState::scheduled)));
  EXPECT_EQ(find_plan(hearing_in(HearingState::scheduled))->start, (WallTime{{2027, 3, 4}, 10, 0}));
  for (const HearingState state : {HearingState::recessed, HearingState::adjourned}) {
    ASSERT_TRUE(find_plan(hearing_in(state, later)));
    EXPECT_EQ(find_plan(hearing_in(state, later))->start, later);
  }
}

TEST(PlannedHearing, is_none_where_nothing_is_to_come) {
  for (const HearingState state :
       {HearingState::held, HearingState::closed, HearingState::cancelled, HearingState::recessed,
        HearingState::adjourned})
    EXPECT_FALSE(find_plan(hearing_in(state))) << name_of(state);
}

TEST(PlannedHearing, an_old_date_to_go_on_counts_only_while_it_is_interrupted) {
  EXPECT_EQ(start_of_session(hearing_in(HearingState::scheduled, later)),
            (WallTime{{2027, 3, 4}, 10, 0}));
}

}  // namespace
}  // namespace oberih::client
