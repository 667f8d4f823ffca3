// SPDX-License-Identifier: Apache-2.0
#include "client-cli/output/kyiv_time.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>

namespace oberih::client {
namespace {

TEST(KyivTime, is_shown_with_the_weekday) {
  EXPECT_EQ(kyiv_time(1'795'508'043'000, Language::ukrainian), "вт 24.11.2026 10:14:03");
  EXPECT_EQ(kyiv_time(1'795'508'043'000, Language::english), "Tue 24.11.2026 10:14:03");
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

}  // namespace
}  // namespace oberih::client
