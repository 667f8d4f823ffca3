// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/settings.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

namespace oberih::runtime {
namespace {

Result<Settings> read(const std::string& text, const FlagValues& flags = {},
                      const std::map<std::string, std::string>& environment = {}) {
  return read_settings({"oberihd.conf", text,
                        [&](const std::string& name) -> std::optional<std::string> {
                          auto found = environment.find(name);
                          if (found == environment.end()) return std::nullopt;
                          return found->second;
                        },
                        flags});
}

std::string refusal_of(const std::string& text, const FlagValues& flags = {},
                       const std::map<std::string, std::string>& environment = {}) {
  auto settings = read(text, flags, environment);
  return settings ? "accepted" : settings.error().detail;
}

TEST(Settings, nothing_said_gives_the_defaults) {
  auto settings = read("");
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->listen_port, 7417U);
  EXPECT_EQ(settings->listen_address, "127.0.0.1");
}

TEST(Settings, a_line_is_a_name_and_a_value_and_blanks_do_not_matter) {
  auto settings = read("# a comment\n\n  listen_port=9000  \r\nlog_level \t=  debug\n");
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->listen_port, 9000U);
  EXPECT_EQ(settings->log_level, "debug");
}

TEST(Settings, a_flag_wins_over_the_environment_and_that_over_the_file) {
  const std::map<std::string, std::string> environment = {{"OBERIH_LISTEN_PORT", "2"}};
  EXPECT_EQ(read("listen_port = 1", {}, {})->listen_port, 1U);
  EXPECT_EQ(read("listen_port = 1", {}, environment)->listen_port, 2U);
  EXPECT_EQ(read("listen_port = 1", {{"listen_port", "3"}}, environment)->listen_port, 3U);
}

TEST(Settings, an_unknown_setting_is_refused_with_the_line_that_names_it) {
  EXPECT_EQ(refusal_of("\nlisten_prot = 1").substr(0, 15), "oberihd.conf:2:");
}

TEST(Settings, witnesses_are_named_with_their_addresses) {
  EXPECT_EQ(refusal_of("witnesses = w.police=10.0.4.7:7443, w.court=[fd00::7]:1 w.ngo=host:65535"),
            "accepted");
  EXPECT_EQ(refusal_of("witnesses ="), "accepted");
  for (const char* value : {"w.police", "w.police=host", "w.police=host:0", "w.police=host:65536",
                            "=host:1", "w=:1", "w=host:1 w=other:2", "w+=host:1", "w=host:1x"})
    EXPECT_NE(refusal_of(std::string("witnesses = ") + value), "accepted") << value;
}

TEST(Settings, wrong_values_are_refused_with_their_place_and_what_would_be_right) {
  EXPECT_EQ(refusal_of("listen_port = 65536"),
            "oberihd.conf:1: listen_port must be a whole number from 0 to 65535 (port).");
  for (const char* value : {"", "-1", "1.5", "0x10", "1 2", "99999999999999999999", "ten"})
    EXPECT_NE(refusal_of(std::string("listen_port = ") + value), "accepted") << value;
  EXPECT_NE(refusal_of("log_level = loud"), "accepted");
  EXPECT_NE(refusal_of("attachment_store = files"), "accepted") << "no absolute path";
  EXPECT_EQ(refusal_of("attachment_store = /srv/files"), "accepted");
  EXPECT_NE(refusal_of("doorbell_command = ring"), "accepted") << "no absolute path";
  EXPECT_EQ(refusal_of("doorbell_command = /usr/local/bin/ring"), "accepted");
  EXPECT_EQ(refusal_of("doorbell_command ="), "accepted") << "nobody is called";
  EXPECT_NE(refusal_of("log_file ="), "accepted");
  EXPECT_NE(refusal_of("log_file = a\x1b[31m"), "accepted");
  EXPECT_NE(refusal_of("listen_port"), "accepted");
}

TEST(Settings, a_setting_that_stands_twice_is_refused) {
  EXPECT_EQ(refusal_of("listen_port = 1\nlisten_port = 1"),
            "oberihd.conf:2: listen_port stands in line 1 already.");
}

TEST(Settings, a_wrong_environment_or_flag_is_named) {
  EXPECT_EQ(
      refusal_of("", {}, {{"OBERIH_LISTEN_PORT", "x"}}).find("environment OBERIH_LISTEN_PORT"), 0U);
  EXPECT_EQ(refusal_of("", {{"listen_port", "x"}}).find("flag --listen_port"), 0U);
}

TEST(Settings, a_password_or_user_for_the_database_is_refused) {
  EXPECT_NE(refusal_of("database = host=/run dbname=x password=secret"), "accepted");
  EXPECT_NE(refusal_of("database = host=/run dbname=x user = postgres"), "accepted");
  EXPECT_NE(refusal_of("database = postgresql://x@y/z"), "accepted");
  EXPECT_EQ(refusal_of("database = host=/run dbname=x"), "accepted");
}

TEST(Settings, every_default_is_within_its_own_bounds_and_the_example_is_accepted) {
  EXPECT_EQ(refusal_of(format_example_file()), "accepted");
  std::set<std::string_view> names;
  for (const SettingRow& row : setting_table()) EXPECT_TRUE(names.insert(row.name).second);
}

TEST(Settings, the_shipped_example_is_the_one_that_the_program_prints) {
  std::ifstream file(OBERIH_SOURCE "/ops/oberihd.conf.example");
  std::stringstream shipped;
  shipped << file.rdbuf();
  EXPECT_EQ(shipped.str(), format_example_file())
      << "write it anew: oberihd settings > ops/oberihd.conf.example";
}

}  // namespace
}  // namespace oberih::runtime
