// SPDX-License-Identifier: Apache-2.0
// The search itself must find what it is meant to find: otherwise "none found" says nothing.
#include "tests/support/canary_search.hpp"

#include <gtest/gtest.h>

namespace oberih::test {
namespace {

const Canary canary{"secret",
                    {0x00, 0xff, 0xfb, 0xef, 0xbe, 0x10, 0x55, 0xaa, 0x07, 0x5c, 0x9d, 0xe1, 0x42,
                     0x80, 0x01, 0x7f}};

std::string base64(const std::string& bytes, const std::string& last_two) {
  const std::string alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + last_two;
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (unsigned char byte : bytes) {
    bits = bits << 8 | byte;
    for (count += 8; count >= 6;) {
      count -= 6;
      out += alphabet[bits >> count & 63];
    }
  }
  return count > 0 ? out + alphabet[bits << (6 - count) & 63] : out;
}

TEST(CanarySearch, finds_a_secret_raw_and_in_hex) {
  const std::string raw(as_text(canary.bytes));
  EXPECT_FALSE(search_text({canary}, "before" + raw + "after", "x").empty());
  EXPECT_FALSE(search_text({canary}, "\\x00fffbefbe1055aa075c9de14280017f", "x").empty());
  EXPECT_FALSE(search_text({canary}, "00FFFBEFBE1055AA075C9DE14280017F", "x").empty());
}

TEST(CanarySearch, finds_a_secret_in_base64_at_every_offset) {
  const std::string raw(as_text(canary.bytes));
  for (const std::string last_two : {"+/", "-_"})
    for (const std::string before : {"", "1", "12", "123"})
      EXPECT_FALSE(search_text({canary}, base64(before + raw + "behind", last_two), "x").empty())
          << before.size() << " " << last_two;
}

TEST(CanarySearch, finds_nothing_where_nothing_is) {
  EXPECT_TRUE(search_text({canary}, std::string(100'000, 'A'), "x").empty());
}

}  // namespace
}  // namespace oberih::test
