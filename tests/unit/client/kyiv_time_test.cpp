// SPDX-License-Identifier: Apache-2.0
#include "client-cli/output/kyiv_time.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>

namespace oberih::client {
namespace {

TEST(KyivTime, is_shown_with_the_weekday) {
  EXPECT_EQ(format_time(1'795'508'043'000, Language::ukrainian), "вт 24.11.2026 10:14:03");
  EXPECT_EQ(format_time(1'795'508'043'000, Language::english), "Tue 24.11.2026 10:14:03");
}

TEST(KyivTime, agrees_with_the_system_zone_at_every_change_of_clocks_for_thirty_years) {
  if (!std::filesystem::exists("/usr/share/zoneinfo/Europe/Kyiv") &&
      !std::filesystem::exists("/usr/share/zoneinfo/Europe/Kiev"))
    GTEST_SKIP() << "the system has no zone data (package tzdata)";
  setenv("TZ",
         std::filesystem::exists("/usr/share/zoneinfo/Europe/Kyiv") ? "Europe/Kyiv" : "Europe/Kiev",
         1);
  tzset();
  for (std::time_t time = 1'000'000'000; time < 1'950'000'000; time += 1'801) {
    std::tm local{};
    localtime_r(&time, &local);
    ASSERT_EQ(kyiv_offset_seconds(static_cast<Milliseconds>(time) * 1000), local.tm_gmtoff) << time;
  }
  unsetenv("TZ");
  tzset();
}

TEST(KyivTime, falls_back_on_the_rule_where_the_database_ends) {
  constexpr Milliseconds january_2090 = 3'787'000'000'000;
  constexpr Milliseconds july_2090 = 3'802'700'000'000;
  EXPECT_EQ(kyiv_offset_by_rule(january_2090), 7'200);
  EXPECT_EQ(kyiv_offset_by_rule(july_2090), 10'800);
  EXPECT_EQ(kyiv_offset_seconds(july_2090), 10'800);
}

TEST(KyivTime, is_given_to_programs_in_utc) {
  EXPECT_EQ(format_rfc3339(1'795'508'043'120), "2026-11-24T08:14:03.120Z");
}

}  // namespace
}  // namespace oberih::client
