// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "shape_rules.hpp"
#include "tree_under_test.hpp"

namespace oberih::lint {
namespace {

const std::string licence = "// SPDX-License-Identifier: Apache-2.0\n";

std::string repeat(std::size_t times, const std::string& line) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += line;
  return text;
}

std::size_t findings_on_function(const std::string& text) {
  return check_function_length({"server/runtime/a.cpp", text}, {}).size();
}

TEST(Shape, files_stay_short) {
  const auto findings = check_tree([](const SourceFile& file) { return check_file_length(file); });
  EXPECT_TRUE(findings.empty()) << to_string(findings);
}

TEST(Shape, functions_stay_short) {
  const auto findings =
      check_tree([](const SourceFile& file) { return check_function_length(file); });
  EXPECT_TRUE(findings.empty()) << to_string(findings);
}

TEST(Shape, lines_stay_narrow) {
  const auto findings = check_tree(check_line_width);
  EXPECT_TRUE(findings.empty()) << to_string(findings);
}

TEST(Shape, every_source_file_bears_its_licence) {
  const auto findings = check_tree(check_licence_line);
  EXPECT_TRUE(findings.empty()) << to_string(findings);
}

TEST(Shape, no_file_bears_a_name_that_says_nothing) {
  const auto findings = check_tree(check_file_name);
  EXPECT_TRUE(findings.empty()) << to_string(findings);
}

TEST(Shape, migrations_are_numbered_without_gap) {
  const auto findings = check_migration_names(tree());
  EXPECT_TRUE(findings.empty()) << to_string(findings);
}

TEST(Shape, exceptions_have_a_reason_and_a_file) {
  for (const auto* exceptions : {&long_files, &long_functions}) {
    for (const auto& exception : *exceptions) {
      EXPECT_GT(exception.reason.size(), 20u) << exception.path;
      const auto path = exception.path.substr(0, exception.path.find(':'));
      EXPECT_TRUE(std::filesystem::exists(std::filesystem::path(OBERIH_SOURCE) / path)) << path;
    }
  }
}

TEST(FileLengthRule, catches_one_line_too_many) {
  EXPECT_TRUE(check_file_length({"protocol/base/a.cpp", repeat(300, "\n")}, {}).empty());
  EXPECT_FALSE(check_file_length({"protocol/base/a.cpp", repeat(301, "\n")}, {}).empty());
  EXPECT_TRUE(check_file_length({"tests/unit/base/a_test.cpp", repeat(500, "\n")}, {}).empty());
  EXPECT_FALSE(check_file_length({"tests/unit/base/a_test.cpp", repeat(501, "\n")}, {}).empty());
  EXPECT_TRUE(check_file_length({"protocol/base/a.def", repeat(301, "\n")}, {}).empty());
}

TEST(FileLengthRule, catches_an_exception_that_is_needed_no_more) {
  const std::vector<Exception> exceptions{{"protocol/base/a.cpp", "for this test"}};
  EXPECT_TRUE(check_file_length({"protocol/base/a.cpp", repeat(301, "\n")}, exceptions).empty());
  EXPECT_FALSE(check_file_length({"protocol/base/a.cpp", repeat(10, "\n")}, exceptions).empty());
}

TEST(FunctionLengthRule, catches_a_long_function_wherever_it_stands) {
  const std::string longest = repeat(68, "  f();\n"), too_long = repeat(69, "  f();\n");
  EXPECT_EQ(findings_on_function("void g() {\n" + longest + "}\n"), 0u);
  EXPECT_EQ(findings_on_function("void g() {\n" + too_long + "}\n"), 1u);
  EXPECT_EQ(findings_on_function("namespace a {\nint g(int b,\n      int c) const {\n" + too_long +
                                 "}\n}\n"),
            1u);
  EXPECT_EQ(findings_on_function("class A {\n  void g() {\n" + too_long + "  }\n};\n"), 1u);
  EXPECT_EQ(findings_on_function("A::A(int b) : b_{b}, c_(1) {\n" + too_long + "}\n"), 1u);
  EXPECT_EQ(findings_on_function("const auto g = [](int b) {\n" + too_long + "};\n"), 1u);
}

TEST(FunctionLengthRule, leaves_classes_and_tables_alone) {
  const std::string many = repeat(100, "  int a(int b);\n");
  EXPECT_EQ(findings_on_function("class A {\n" + many + "};\n"), 0u);
  EXPECT_EQ(findings_on_function("namespace a {\n" + many + "}\n"), 0u);
  EXPECT_EQ(findings_on_function("const std::vector<A> table{\n" + repeat(100, "  {1, \"(\"},\n") +
                                 "};\n"),
            0u);
}

TEST(FunctionLengthRule, is_not_confused_by_brackets_in_literals_and_comments) {
  EXPECT_EQ(findings_on_function("void g() {\n  f(\"{{{\", '{');  // {\n}\n" +
                                 repeat(80, "int a;\n") + "void h() {}\n"),
            0u);
  EXPECT_EQ(findings_on_function("void g() {\n  f(R\"(}{\")\");\n}\n" + repeat(80, "int a;\n")),
            0u);
}

TEST(LineWidthRule, catches_column_101_and_counts_letters_not_bytes) {
  const std::string hundred(100, 'x');
  EXPECT_TRUE(check_line_width({"protocol/base/a.cpp", hundred + "\n"}).empty());
  EXPECT_FALSE(check_line_width({"protocol/base/a.cpp", hundred + "x\n"}).empty());
  EXPECT_TRUE(check_line_width({"protocol/base/a.cpp", repeat(100, "ї") + "\n"}).empty());
  EXPECT_TRUE(check_line_width({"schema/0001_a.sql", hundred + "x\n"}).empty());
  EXPECT_FALSE(check_line_width({"schema/0001_a.sql", repeat(121, "x") + "\n"}).empty());
  EXPECT_TRUE(check_line_width({"protocol/base/a.def", hundred + "x\n"}).empty());
  EXPECT_TRUE(
      check_line_width({"client-cli/output/message_catalogue.cpp", hundred + "x\n"}).empty());
}

TEST(LineWidthRule, lets_tables_and_quotations_of_documents_be_wide) {
  const std::string wide = repeat(101, "x") + "\n";
  EXPECT_FALSE(check_line_width({"docs/a.md", wide}).empty());
  EXPECT_TRUE(check_line_width({"docs/a.md", "| " + wide + "```\n" + wide + "```\n"}).empty());
  EXPECT_FALSE(check_line_width({"docs/a.md", "```\n```\n" + wide}).empty());
}

TEST(LicenceRule, catches_a_file_without_the_line) {
  EXPECT_TRUE(check_licence_line({"protocol/base/a.cpp", licence}).empty());
  EXPECT_FALSE(check_licence_line({"protocol/base/a.cpp", "#pragma once\n"}).empty());
  EXPECT_FALSE(check_licence_line({"server/CMakeLists.txt", ""}).empty());
  EXPECT_TRUE(check_licence_line({"ops/a", "#!/bin/bash\n# " + licence.substr(3)}).empty());
  EXPECT_FALSE(check_licence_line({"ops/a", "#!/bin/bash\ntrue\n"}).empty());
}

TEST(FileNameRule, catches_banned_words_in_files_and_folders) {
  for (const auto* path : {"server/runtime/string_utils.cpp", "server/common/a.cpp",
                           "tests/unit/base/helpers.hpp", "client-cli/session-manager.cpp"}) {
    EXPECT_FALSE(check_file_name({path, ""}).empty()) << path;
  }
  EXPECT_TRUE(check_file_name({"server/runtime/commonwealth.cpp", ""}).empty());
}

TEST(MigrationNameRule, catches_gaps_doubles_and_free_names) {
  EXPECT_TRUE(
      check_migration_names({{"schema/0001_a.sql", ""}, {"schema/0002_b.sql", ""}}).empty());
  EXPECT_FALSE(
      check_migration_names({{"schema/0001_a.sql", ""}, {"schema/0003_b.sql", ""}}).empty());
  EXPECT_FALSE(
      check_migration_names({{"schema/0001_a.sql", ""}, {"schema/0001_b.sql", ""}}).empty());
  EXPECT_FALSE(check_migration_names({{"schema/tables.sql", ""}}).empty());
}

}  // namespace
}  // namespace oberih::lint
