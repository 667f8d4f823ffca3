// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/handling_options.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace oberih::client {
namespace {

using sealing::HandlingCode;
using sealing::Restriction;
using sealing::TrafficLight;

TEST(HandlingOptions, what_was_built_in_is_what_stands_in_policies) {
  std::ifstream file(OBERIH_SOURCE "/policies/handling_codes.json");
  std::ostringstream text;
  text << file.rdbuf();
  const auto read = parse_named_codes(text.str());
  ASSERT_TRUE(read) << read.error().detail;
  ASSERT_EQ(read->size(), named_codes().size());
  for (std::size_t i = 0; i < read->size(); ++i) {
    EXPECT_EQ((*read)[i].name, named_codes()[i].name);
    EXPECT_EQ((*read)[i].handling, named_codes()[i].handling);
  }
}

TEST(HandlingOptions, a_name_means_the_same_in_both_languages) {
  const HandlingCode secrecy{Restriction::not_passed_on, TrafficLight::amber};
  EXPECT_EQ(read_handling({"", "", "pre_trial_secrecy"}).value(), secrecy);
  EXPECT_EQ(read_handling({"", "", "pre-trial secrecy"}).value(), secrecy);
  EXPECT_EQ(read_handling({"", "", "таємниця досудового розслідування"}).value(), secrecy);
  EXPECT_FALSE(read_handling({"", "", "top secret"}));
}

TEST(HandlingOptions, what_is_said_besides_takes_its_place) {
  EXPECT_EQ(read_handling({"h1", "AMBER+STRICT", "pre_trial_secrecy"}).value(),
            (HandlingCode{Restriction::not_as_evidence, TrafficLight::amber_strict}));
  EXPECT_EQ(read_handling({}).value(), HandlingCode{});
  EXPECT_FALSE(read_handling({"H4", "", ""}));
  EXPECT_FALSE(read_handling({"", "pink", ""}));
}

TEST(HandlingOptions, a_file_with_a_typing_error_is_refused) {
  const std::string good = R"({"version":1,"codes":[{"name":"a","uk":"а","en":"a",)"
                           R"("handling":"H1","tlp":"red","reason":"x"}]})";
  EXPECT_TRUE(parse_named_codes(good));
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"H1", "H7"}, {"red", "rd"}, {"\"version\":1", "\"version\":2"}, {"reason", "raeson"}}) {
    std::string bad = good;
    bad.replace(bad.find(from), from.size(), to);
    EXPECT_FALSE(parse_named_codes(bad)) << bad;
  }
}

}  // namespace
}  // namespace oberih::client
