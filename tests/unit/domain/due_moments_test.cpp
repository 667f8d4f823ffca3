// SPDX-License-Identifier: Apache-2.0
#include "server/domain/due_moments.hpp"

#include <gtest/gtest.h>

namespace oberih::domain {
namespace {

constexpr Milliseconds due_moment = 1'795'507'200'000;

std::vector<Milliseconds> times_of(const std::vector<DueMoment>& moments) {
  std::vector<Milliseconds> times;
  for (const DueMoment& moment : moments) times.push_back(moment.at_ms);
  return times;
}

TEST(DueMoments, come_in_the_order_of_time) {
  const auto moments = due_moments({{}, {240, 60}, {0, 30}, {}}, due_moment);
  EXPECT_EQ(times_of(moments),
            (std::vector<Milliseconds>{due_moment - 240 * 60'000, due_moment - 60 * 60'000,
                                       due_moment, due_moment, due_moment + 30 * 60'000}));
  EXPECT_EQ(moments[2].what, DueMoment::What::overdue);
  EXPECT_EQ(moments[3].what, DueMoment::What::escalation);
  EXPECT_EQ(moments[4].minutes, 30u);
}

TEST(DueMoments, without_reminders_there_is_the_due_time) {
  EXPECT_EQ(times_of(due_moments({}, due_moment)), std::vector<Milliseconds>{due_moment});
  EXPECT_EQ(times_of(due_moments({{}, {0}, {}, {}}, due_moment)),
            std::vector<Milliseconds>{due_moment});
}

TEST(DueMoments, no_reminder_lies_before_all_time) {
  EXPECT_EQ(times_of(due_moments({{}, {5}, {}, {}}, 1000)), std::vector<Milliseconds>{1000});
}

}  // namespace
}  // namespace oberih::domain
