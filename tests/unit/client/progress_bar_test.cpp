// SPDX-License-Identifier: Apache-2.0
#include "client-cli/output/progress_bar.hpp"

#include <gtest/gtest.h>

namespace oberih::client {
namespace {

using std::chrono::milliseconds;
using Unit = ProgressBar::Unit;

TEST(ProgressBar, counts_bytes_or_pieces) {
  EXPECT_EQ(ProgressBar::line("File", 1 << 20, 4 << 20, Language::english),
            "File [#####...............]  25 %  1.0 MiB / 4.0 MiB");
  EXPECT_EQ(ProgressBar::line("Leaves", 500, 1'000, Language::english, Unit::pieces),
            "Leaves [##########..........]  50 %  500 / 1000");
}

TEST(ProgressBar, says_how_fast_and_how_long_it_goes_on) {
  const auto pace = ProgressBar::pace_of(20'000, 80'000, milliseconds(2'000));
  ASSERT_TRUE(pace);
  EXPECT_EQ(pace->per_second, 10'000U);
  EXPECT_EQ(pace->rest.count(), 8);
  EXPECT_EQ(ProgressBar::line("Leaves", 20'000, 100'000, Language::english, Unit::pieces, pace),
            "Leaves [####................]  20 %  20000 / 100000  10000/s, 0:08 left");
  const ProgressBar::Pace slow{1, std::chrono::seconds(4'024)};
  EXPECT_NE(ProgressBar::line("Листки", 1, 4'025, Language::ukrainian, Unit::pieces, slow)
                .find("1/с, ще 1:07:04"),
            std::string::npos);
}

TEST(ProgressBar, guesses_nothing_from_too_little) {
  EXPECT_FALSE(ProgressBar::pace_of(1'000, 10, milliseconds(999)));
  EXPECT_FALSE(ProgressBar::pace_of(0, 10, milliseconds(60'000)));
  EXPECT_FALSE(ProgressBar::pace_of(1, 10, milliseconds(60'000)));
}

}  // namespace
}  // namespace oberih::client
