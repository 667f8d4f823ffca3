// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/service_ways.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace oberih::client {
namespace {

std::string policy_file() {
  std::ifstream file(OBERIH_SOURCE "/policies/service_ways.json");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(ServiceWays, what_was_built_in_is_what_stands_in_policies) {
  const auto read = parse_service_ways(policy_file());
  ASSERT_TRUE(read) << read.error().detail;
  for (const ServiceWayLaw& law : *read) {
    EXPECT_EQ(law_of(law.way).articles, law.articles);
    EXPECT_EQ(law_of(law.way).proof(Language::ukrainian), law.proof_uk);
  }
  for (const auto& row : sealing::service_ways) EXPECT_EQ(law_of(row.way).way, row.way);
}

TEST(ServiceWays, a_file_that_leaves_one_out_or_names_one_twice_is_refused_whole) {
  const std::string good = policy_file();
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"\"family\"", "\"post\""},
           {"\"family\"", "\"neighbour\""},
           {"\"needs_scan\": true", "\"needs_scan\": 1"},
           {"\"articles\"", "\"article\""},
           {"\"version\": 1", "\"version\": 2"}}) {
    std::string bad = good;
    bad.replace(bad.find(from), from.size(), to);
    EXPECT_FALSE(parse_service_ways(bad)) << from;
  }
}

}  // namespace
}  // namespace oberih::client
