// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "named_tests_rules.hpp"
#include "tree_under_test.hpp"

namespace oberih::lint {
namespace {

const SourceFile& document(std::string_view path) {
  for (const SourceFile& file : tree())
    if (file.path == path) return file;
  throw std::logic_error("no such document: " + std::string(path));
}

const std::vector<SourceFile> some_tests{
    {"tests/unit/a_test.cpp",
     "\nTEST(Wall, stands) {}\nTEST_F(\n    Door, is_locked_at_night) {}\n// TEST(Roof, leaks)\n"}};

TEST(NamedTests, of_the_threat_model_and_of_security_exist) {
  const std::set<std::string> tests = tests_of(tree());
  for (const std::string_view path : {"docs/threat-model.md", "docs/attacks.md", "SECURITY.md"}) {
    const auto findings = check_named_tests(document(path), tests);
    EXPECT_TRUE(findings.empty()) << to_string(findings);
    EXPECT_GT(named_tests(document(path)).size(), 10u) << path;
  }
}

TEST(NamedTests, stand_beside_every_attack_and_with_its_control_beside_those_on_the_journal) {
  for (const std::string_view path : {"docs/threat-model.md", "docs/attacks.md"}) {
    const auto findings = check_attacks_have_tests(document(path));
    EXPECT_TRUE(findings.empty()) << to_string(findings);
    const auto stray = check_rows_stand_in_tables(document(path));
    EXPECT_TRUE(stray.empty()) << to_string(stray);
  }
}

// The documents of auditing name the tests that play what they show.
TEST(NamedTests, of_the_auditing_document_exist) {
  const SourceFile& auditing = document("docs/auditing.md");
  const auto findings = check_named_tests(auditing, tests_of(tree()));
  EXPECT_TRUE(findings.empty()) << to_string(findings);
  EXPECT_FALSE(named_tests(auditing).empty());
}

TEST(NamedTestsRule, finds_tests_however_their_lines_are_broken) {
  EXPECT_EQ(tests_of(some_tests),
            (std::set<std::string>{"Wall.stands", "Door.is_locked_at_night"}));
}

TEST(NamedTestsRule, catches_a_name_without_a_test) {
  const auto tests = tests_of(some_tests);
  EXPECT_TRUE(check_named_tests({"a.md", "shown by `Door.is_locked_at_night`"}, tests).empty());
  EXPECT_EQ(check_named_tests({"a.md", "\nshown by `Door.is_open_at_night`"}, tests).size(), 1u);
  EXPECT_TRUE(check_named_tests({"a.md", "a file `Door.cpp`, a field `a.b_c`"}, tests).empty());
}

TEST(NamedTestsRule, catches_an_attack_without_a_test) {
  const std::string head = "| attack | test |\n|---|---|\n";
  EXPECT_TRUE(
      check_attacks_have_tests({"a.md", head + "| a | `Door.is_locked_at_night` |\n"}).empty());
  EXPECT_EQ(check_attacks_have_tests({"a.md", head + "| a | by and by |\n"}).size(), 1u);
  EXPECT_TRUE(check_attacks_have_tests({"a.md", head + "\n| another | table |\n"}).empty());
}

TEST(NamedTestsRule, catches_an_attack_without_a_control_run) {
  const std::string head = "| attack | test | control |\n|---|---|---|\n";
  const auto faults = [&](const std::string& row) {
    return check_attacks_have_tests({"a.md", head + row + "\n"}).size();
  };
  EXPECT_EQ(faults("| a | `Door.is_locked_at_night` | `Door.is_open_by_day` |"), 0u);
  EXPECT_EQ(faults("| a | `Door.is_locked_at_night` | in the same test |"), 0u);
  EXPECT_EQ(faults("| a | `Door.is_locked_at_night` | surely |"), 1u);
  EXPECT_EQ(faults("| a | `Door.is_locked_at_night` |"), 1u);
  EXPECT_EQ(faults("| a | surely | `Door.is_open_by_day` |"), 1u);
}

TEST(NamedTestsRule, catches_a_row_that_stands_in_no_table) {
  const std::string row = "| a | `Door.is_locked_at_night` |\n";
  EXPECT_TRUE(check_rows_stand_in_tables({"a.md", "|---|---|\n" + row + row}).empty());
  EXPECT_EQ(check_rows_stand_in_tables({"a.md", "|---|---|\n" + row + "\n" + row}).size(), 1u);
}

}  // namespace
}  // namespace oberih::lint
