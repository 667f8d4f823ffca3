// SPDX-License-Identifier: Apache-2.0
#include "server/transport/timestamp_url.hpp"

#include <gtest/gtest.h>

namespace oberih::transport {
namespace {

TEST(TimestampUrlText, names_host_port_path_and_whether_over_tls) {
  const auto plain = parse_timestamp_url("http://tsa.example/stamp");
  ASSERT_TRUE(plain);
  EXPECT_FALSE(plain->is_tls);
  EXPECT_EQ(plain->host, "tsa.example");
  EXPECT_EQ(plain->port, 80);
  EXPECT_EQ(plain->path, "/stamp");
  const auto tls = parse_timestamp_url("https://tsa.example");
  ASSERT_TRUE(tls);
  EXPECT_TRUE(tls->is_tls);
  EXPECT_EQ(tls->port, 443);
  EXPECT_EQ(tls->path, "/");
  const auto numbers = parse_timestamp_url("https://[::1]:8443/a/b");
  ASSERT_TRUE(numbers);
  EXPECT_EQ(numbers->host, "::1");
  EXPECT_EQ(numbers->port, 8443);
}

TEST(TimestampUrlText, is_refused_where_it_is_none) {
  for (const char* text :
       {"", "tsa.example", "ftp://tsa.example", "httpss://tsa.example", "https://", "http://:80/",
        "https://tsa.example:0/", "https://tsa.example:70000/", "https://tsa.example:x/",
        "http://user@tsa.example/", "http://tsa.example/a b", "http://tsa.example/\r\nX: y"})
    EXPECT_FALSE(parse_timestamp_url(text)) << text;
}

}  // namespace
}  // namespace oberih::transport
