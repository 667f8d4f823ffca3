// SPDX-License-Identifier: Apache-2.0
#include "server/domain/evidence_moments.hpp"

#include <gtest/gtest.h>

namespace oberih::domain {
namespace {

constexpr Milliseconds entry_ms = 1'800'000'000'000, a_minute = 60'000;

EvidenceLimit limit(unsigned delivered, unsigned opened, unsigned acknowledged, unsigned repeat) {
  EvidenceLimit made;
  made.delivered_minutes = delivered;
  made.opened_minutes = opened;
  made.acknowledged_minutes = acknowledged;
  made.repeat_minutes = repeat;
  return made;
}

TEST(EvidenceMoments, come_at_the_limits_in_the_order_of_the_ladder) {
  const auto at = [](unsigned minutes) { return entry_ms + minutes * a_minute; };
  EXPECT_EQ(evidence_moments(limit(15, 30, 60, 0), entry_ms),
            (std::vector<EvidenceMoment>{{EvidenceStep::delivered, at(15), at(15)},
                                         {EvidenceStep::opened, at(30), at(30)},
                                         {EvidenceStep::acknowledged, at(60), at(60)}}));
  const auto together = evidence_moments(limit(5, 5, 5, 0), entry_ms);
  ASSERT_EQ(together.size(), 3u);
  EXPECT_EQ(together[0].step, EvidenceStep::delivered);
  EXPECT_EQ(together[2].step, EvidenceStep::acknowledged);
}

TEST(EvidenceMoments, no_limit_no_moment) {
  EXPECT_TRUE(evidence_moments(limit(0, 0, 0, 60), entry_ms).empty());
  EXPECT_EQ(evidence_moments(limit(0, 0, 5, 0), entry_ms).size(), 1u);
}

TEST(EvidenceMoments, an_acknowledgement_is_asked_for_again_but_not_for_ever) {
  const auto moments = evidence_moments(limit(15, 30, 60, 45), entry_ms);
  ASSERT_EQ(moments.size(), 3u + evidence_repeats_at_most);
  const EvidenceMoment& last = moments.back();
  EXPECT_EQ(last.step, EvidenceStep::acknowledged);
  EXPECT_EQ(last.due_ms, entry_ms + 60 * a_minute);
  EXPECT_EQ(last.at_ms, last.due_ms + 24 * 45 * a_minute);
}

}  // namespace
}  // namespace oberih::domain
