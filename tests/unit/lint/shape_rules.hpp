// SPDX-License-Identifier: Apache-2.0
// How long a file, a function and a line may be, how files are called and what they open with.
#pragma once

#include <map>
#include <optional>
#include <set>

#include "source_tree.hpp"

namespace oberih::lint {

inline constexpr std::size_t product_file_lines = 300;
inline constexpr std::size_t test_file_lines = 500;
inline constexpr std::size_t function_lines = 70;
inline constexpr std::size_t line_columns = 100;
inline constexpr std::size_t sql_line_columns = 120;

struct Exception {
  std::string_view path;
  std::string_view reason;
};

// Files that may be longer, each with its reason. A row whose file has become short is refused too.
inline const std::vector<Exception> long_files{
    {"protocol/socket/websocket_connection.cpp",
     "reading, writing, time and ending of one WebSocket share one state"},
};

// Functions that may be longer: the path, a colon, the line's text up to the bracket.
inline const std::vector<Exception> long_functions{};

inline bool is_excepted(const std::vector<Exception>& exceptions, std::string_view path) {
  return std::any_of(exceptions.begin(), exceptions.end(),
                     [&](const Exception& exception) { return exception.path == path; });
}

/// Tables read by the row: no limit of length or width.
inline bool is_table(const SourceFile& file) {
  const std::string name = file_name_of(file.path);
  return extension_of(file.path) == ".def" || name.find("_catalogue") != name.npos;
}

/// What the rules of shape are for: text that people write.
inline bool is_written_by_hand(const SourceFile& file) {
  const std::string extension = extension_of(file.path);
  static const std::set<std::string> written{".cpp",   ".hpp",  ".sql", ".md",
                                             ".cmake", ".bash", ".txt"};
  const bool is_generated = file.path.starts_with("docs/rules/");
  return !is_generated && (written.contains(extension) || is_script(file));
}

inline std::size_t columns_of(std::string_view line) {
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

inline std::vector<Finding> check_line_width(const SourceFile& file) {
  std::vector<Finding> findings;
  if (!is_written_by_hand(file) || is_table(file)) return findings;
  const std::string extension = extension_of(file.path);
  const std::size_t limit = extension == ".sql" ? sql_line_columns : line_columns;
  const auto lines = lines_of(file.text);
  const bool is_markdown = extension == ".md";
  bool is_quotation = false;  // of commands and bytes: they cannot be broken
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (is_markdown && lines[i].starts_with("```")) is_quotation = !is_quotation;
    const bool is_markdown_table = is_markdown && lines[i].starts_with("|");
    const bool is_address = lines[i].find("://") != std::string::npos;
    if (is_quotation || is_markdown_table || is_address) continue;
    if (const auto columns = columns_of(lines[i]); columns > limit) {
      findings.push_back({file.path, i + 1, std::to_string(columns) + " columns"});
    }
  }
  return findings;
}

inline std::vector<Finding> check_file_length(
    const SourceFile& file, const std::vector<Exception>& exceptions = long_files) {
  const std::string extension = extension_of(file.path);
  const bool is_counted = extension == ".cpp" || extension == ".hpp" || is_script(file);
  if (!is_counted || is_table(file)) return {};
  const std::size_t limit = is_test(file) ? test_file_lines : product_file_lines;
  const std::size_t length = lines_of(file.text).size();
  const bool excepted = is_excepted(exceptions, file.path);
  if (length > limit && !excepted) return {{file.path, 0, std::to_string(length) + " lines"}};
  if (length <= limit && excepted) return {{file.path, 0, "needs no exception any more"}};
  return {};
}

namespace detail {

enum class Scope { outside, function, initialiser };

/// What the bracket opens: `statement` is the code since the last ';', '{' or '}' of this level.
inline Scope scope_opened_by(const std::string& statement, std::size_t parentheses) {
  if (parentheses > 0) return Scope::initialiser;
  for (const auto word : {"namespace", "class", "struct", "union", "extern"}) {
    const auto places = find_word(statement, word);
    if (!places.empty() && statement.find('(') == std::string::npos) return Scope::outside;
  }
  if (!find_word(statement, "enum").empty()) return Scope::initialiser;
  const auto last = statement.find_last_not_of(" \n");
  if (statement.find('(') == std::string::npos || last == std::string::npos)
    return Scope::initialiser;
  if (statement[last] == '=' || statement[last] == ',') return Scope::initialiser;
  // `: member_{x}`: no blank before the bracket
  if (last + 1 == statement.size() && is_identifier_character(statement[last]))
    return Scope::initialiser;
  return Scope::function;
}

}  // namespace detail

struct Function {
  std::size_t line;
  std::size_t length;
  std::string signature;
};

/// Functions at namespace and class level by counting brackets; lambdas and local classes belong to
/// the function they stand in. A heuristic: it need not understand all of C++, only what we write.
inline std::vector<Function> functions_of(const SourceFile& file) {
  std::string code = code_only(file.text);
  std::vector<Function> functions;
  std::vector<detail::Scope> scopes;
  std::string statement;
  std::size_t parentheses = 0, inside = 0, opened_at = 0;  // inside: depth within a function
  bool is_directive = false;
  for (std::size_t i = 0; i < code.size(); ++i) {
    const char c = code[i];
    if (c == '#' && (i == 0 || code[i - 1] == '\n')) is_directive = true;
    if (c == '\n' && (i == 0 || code[i - 1] != '\\')) is_directive = false;
    if (is_directive) continue;
    if (inside > 0) {  // only the end matters
      if (c == '{') ++inside;
      if (c == '}' && --inside == 0) {
        const auto first = line_at(code, opened_at), last = line_at(code, i);
        const auto begin = statement.find_first_not_of(" \n");
        functions.push_back(
            {first, last - first + 1, statement.substr(std::min(begin, statement.size()))});
        statement.clear();
      }
    } else if (c == '{') {
      const auto scope = detail::scope_opened_by(statement, parentheses);
      if (scope == detail::Scope::function) {
        opened_at = i;
        inside = 1;
      } else {
        scopes.push_back(scope);
        if (scope == detail::Scope::outside) statement.clear();
      }
    } else if (c == '}') {
      const bool was_outside = !scopes.empty() && scopes.back() == detail::Scope::outside;
      if (!scopes.empty()) scopes.pop_back();
      if (was_outside) statement.clear();
    } else if (c == ';' && parentheses == 0) {
      statement.clear();
    } else {
      if (c == '(') ++parentheses;
      if (c == ')' && parentheses > 0) --parentheses;
      statement += c;
    }
  }
  return functions;
}

inline std::vector<Finding> check_function_length(
    const SourceFile& file, const std::vector<Exception>& exceptions = long_functions) {
  std::vector<Finding> findings;
  if (!is_cpp(file) || is_table(file)) return findings;
  for (const auto& function : functions_of(file)) {
    if (function.length <= function_lines) continue;
    const std::string head = lines_of(function.signature).front();
    if (is_excepted(exceptions, file.path + ":" + head.substr(0, head.find('(')))) continue;
    findings.push_back(
        {file.path, function.line, std::to_string(function.length) + " lines: " + head});
  }
  return findings;
}

inline std::vector<Finding> check_licence_line(const SourceFile& file) {
  static const std::set<std::string> bearing{".cpp",   ".hpp",  ".def",    ".sql",
                                             ".cmake", ".bash", ".service"};
  const bool must_bear = bearing.contains(extension_of(file.path)) || is_script(file) ||
                         file_name_of(file.path) == "CMakeLists.txt";
  if (!must_bear) return {};
  const auto lines = lines_of(file.text);
  const std::size_t place = is_script(file) ? 1 : 0;
  const bool has_line =
      lines.size() > place &&
      lines[place].find("SPDX-License-Identifier: Apache-2.0") != std::string::npos;
  if (has_line) return {};
  return {
      {file.path, place + 1, "the licence line is missing (SPDX-License-Identifier: Apache-2.0)"}};
}

inline std::vector<Finding> check_file_name(const SourceFile& file) {
  static const std::set<std::string> banned{"util",    "utils",    "helper", "helpers",
                                            "manager", "managers", "common", "misc"};
  std::string word;
  for (const char c : file.path + "/") {
    if (std::isalnum(static_cast<unsigned char>(c))) {
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      continue;
    }
    if (banned.contains(word))
      return {{file.path, 0, "'" + word + "' says nothing; name the room"}};
    word.clear();
  }
  return {};
}

/// Migrations are NNNN_name.sql, numbered from 0001 without gap or double.
inline std::vector<Finding> check_migration_names(const std::vector<SourceFile>& files) {
  std::vector<Finding> findings;
  std::size_t expected = 1;
  for (const auto& file : files) {
    if (extension_of(file.path) != ".sql") continue;
    std::string number = std::to_string(expected);
    number.insert(0, 4 - std::min<std::size_t>(4, number.size()), '0');
    if (!file.path.starts_with("schema/" + number + "_")) {
      findings.push_back({file.path, 0, "the next migration is schema/" + number + "_<name>.sql"});
    } else {
      ++expected;
    }
  }
  return findings;
}

}  // namespace oberih::lint
