// SPDX-License-Identifier: Apache-2.0
// Documents that promise something name the test that shows it, as `Suite.name`. A promise whose
// test is gone is worse than none.
#pragma once

#include <set>

#include "source_tree.hpp"

namespace oberih::lint {

/// Word characters from `at` on; moves `at` behind them.
inline std::string take_identifier(std::string_view text, std::size_t& at) {
  const std::size_t first = at;
  while (at < text.size() && is_identifier_character(text[at])) ++at;
  return std::string(text.substr(first, at - first));
}

inline void skip(std::string_view text, std::size_t& at, std::string_view characters) {
  at = std::min(text.find_first_not_of(characters, at), text.size());
}

/// `Suite.name` of every TEST, TEST_F and TEST_P.
inline std::set<std::string> tests_of(const std::vector<SourceFile>& files) {
  std::set<std::string> tests;
  for (const SourceFile& file : files) {
    if (!file.path.starts_with("tests/") || extension_of(file.path) != ".cpp") continue;
    const std::string_view text = file.text;
    for (std::size_t at = text.find("\nTEST"); at != text.npos; at = text.find("\nTEST", at)) {
      ++at;
      const std::string macro = take_identifier(text, at);
      if (macro != "TEST" && macro != "TEST_F" && macro != "TEST_P") continue;
      skip(text, at, "( \n");
      const std::string suite = take_identifier(text, at);
      skip(text, at, ", \n");
      tests.insert(suite + "." + take_identifier(text, at));
    }
  }
  return tests;
}

/// In backquotes: a suite's name in capital first, a dot, a sentence.
inline bool is_name_of_test(std::string_view quoted) {
  const std::size_t dot = quoted.find('.');
  if (dot == quoted.npos || dot == 0 || dot + 1 == quoted.size()) return false;
  return std::isupper(static_cast<unsigned char>(quoted[0])) &&
         std::islower(static_cast<unsigned char>(quoted[dot + 1])) &&
         quoted.find('_', dot) != quoted.npos &&
         std::all_of(quoted.begin(), quoted.end(),
                     [](char c) { return c == '.' || is_identifier_character(c); });
}

struct NamedTest {
  std::size_t line;
  std::string name;
};
inline std::vector<NamedTest> named_tests(const SourceFile& document) {
  std::vector<NamedTest> named;
  std::istringstream lines(document.text);
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number)
    for (std::size_t open = line.find('`'); open != line.npos;) {
      const std::size_t end = line.find('`', open + 1);
      if (end == line.npos) break;
      const std::string quoted = line.substr(open + 1, end - open - 1);
      if (is_name_of_test(quoted)) named.push_back({number, quoted});
      open = line.find('`', end + 1);
    }
  return named;
}

inline std::vector<Finding> check_named_tests(const SourceFile& document,
                                              const std::set<std::string>& tests) {
  std::vector<Finding> findings;
  for (const NamedTest& each : named_tests(document))
    if (!tests.contains(each.name))
      findings.push_back({document.path, each.line, "there is no test " + each.name});
  return findings;
}

/// What stands between the bars of a table's line.
inline std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::size_t from = 1;
  for (std::size_t bar = line.find('|', from); bar != line.npos; bar = line.find('|', from)) {
    cells.push_back(line.substr(from, bar - from));
    from = bar + 1;
  }
  return cells;
}

/// Rows of tables whose header is `| attack | test |` name a test. Those that go on with
/// `| control |` say by which test the same is seen to succeed, or that it is the same one.
inline std::vector<Finding> check_attacks_have_tests(const SourceFile& document) {
  std::vector<Finding> findings;
  std::istringstream lines(document.text);
  std::string line;
  bool is_in_table = false, wants_control = false;
  const auto names_a_test = [](const std::string& cell) {
    return !named_tests({"", cell}).empty();
  };
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    if (!line.starts_with("|")) is_in_table = false;
    if (is_in_table && !line.starts_with("|--")) {
      const std::vector<std::string> cells = cells_of(line);
      if (cells.size() < 2 || !names_a_test(cells[1]))
        findings.push_back({document.path, number, "an attack without a test"});
      else if (wants_control &&
               (cells.size() < 3 || (!names_a_test(cells[2]) &&
                                     cells[2].find("in the same test") == std::string::npos)))
        findings.push_back({document.path, number, "an attack without a control run"});
    }
    if (line.starts_with("| attack | test |")) {
      is_in_table = true;
      wants_control = line.starts_with("| attack | test | control |");
    }
  }
  return findings;
}

/// Rows of such tables that stand outside of one, where a reader sees bars and no table.
inline std::vector<Finding> check_rows_stand_in_tables(const SourceFile& document) {
  std::vector<Finding> findings;
  std::istringstream lines(document.text);
  std::string line, before;
  for (std::size_t number = 1; std::getline(lines, line); before = line, ++number)
    if (line.starts_with("| ") && before.empty() && !named_tests({"", line}).empty())
      findings.push_back({document.path, number, "a row without a table"});
  return findings;
}

}  // namespace oberih::lint
