// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/task_templates.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace oberih::client {
namespace {

TEST(TaskTemplates, what_was_built_in_is_what_stands_in_policies) {
  std::ifstream file(OBERIH_SOURCE "/policies/task_templates.json");
  std::ostringstream text;
  text << file.rdbuf();
  const auto read = parse_task_templates(text.str());
  ASSERT_TRUE(read) << read.error().detail;
  const std::vector<TaskTemplate> built_in = task_templates();
  ASSERT_EQ(read->size(), built_in.size());
  for (std::size_t i = 0; i < read->size(); ++i) {
    EXPECT_EQ((*read)[i].name, built_in[i].name);
    EXPECT_EQ((*read)[i].instructions_uk, built_in[i].instructions_uk);
  }
}

TEST(TaskTemplates, each_is_asked_in_the_language_of_whoever_asks) {
  const auto found = find_task_template("accommodation_8h");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->kind, sealing::TaskKind::accommodation);
  EXPECT_EQ(found->urgency, sealing::TaskUrgency::hours_8);
  EXPECT_EQ(found->title(Language::ukrainian), "Прихисток для постраждалої особи сьогодні");
  EXPECT_EQ(found->title(Language::english), "Accommodation for a victim today");
}

TEST(TaskTemplates, an_unknown_one_is_refused_with_the_names_that_there_are) {
  const auto found = find_task_template("shelter");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, RefusalCode::usage);
  for (const TaskTemplate& each : task_templates())
    EXPECT_NE(found.error().detail.find(each.name), std::string::npos) << each.name;
}

TEST(TaskTemplates, a_file_with_a_typing_error_is_refused_whole) {
  const std::string one =
      R"({"name":"a","kind":"general","urgency":"3d","title_uk":"а","title_en":"a",)"
      R"("instructions_uk":"б","instructions_en":"b","law":"l","reason":"r"})";
  const std::string good = R"({"version":1,"templates":[)" + one + "]}";
  EXPECT_TRUE(parse_task_templates(good));
  EXPECT_FALSE(parse_task_templates(R"({"version":1,"templates":[)" + one + "," + one + "]}"));
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"general", "genral"},
           {"3d", "3w"},
           {"\"а\"", "\"\""},
           {"\"б\"", "7"},
           {"\"law\"", "\"lwa\""},
           {"\"reason\":\"r\"", "\"reason\":\"r\",\"more\":\"x\""},
           {"\"version\":1", "\"version\":2"}}) {
    std::string bad = good;
    bad.replace(bad.find(from), from.size(), to);
    EXPECT_FALSE(parse_task_templates(bad)) << bad;
  }
}

}  // namespace
}  // namespace oberih::client
