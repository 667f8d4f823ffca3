// SPDX-License-Identifier: Apache-2.0
// Patterns that compile and are wrong all the same.
#pragma once

#include "source_tree.hpp"

namespace oberih::lint {

namespace detail {

inline char last_visible_before(std::string_view code, std::size_t at) {
  while (at > 0) {
    if (!std::isspace(static_cast<unsigned char>(code[--at]))) return code[at];
  }
  return '\0';
}

inline std::size_t closing_of(std::string_view code, std::size_t at) {
  const char open = code[at];
  const char close = open == '{' ? '}' : open == '[' ? ']' : ')';
  std::size_t depth = 0;
  for (; at < code.size(); ++at) {
    if (code[at] == open) ++depth;
    if (code[at] == close && --depth == 0) return at;
  }
  return code.size() - 1;
}

/// What is wrong with the expression that follows a co_await at `at`; empty: nothing.
inline std::string judge_awaited(std::string_view code, std::size_t at) {
  int depth = 0;
  for (; at < code.size(); ++at) {
    const char c = code[at];
    const char before = last_visible_before(code, at);
    if (c == '(') ++depth;
    if (c == ')' && --depth < 0) return {};
    if ((c == ';' || c == ',') && depth == 0) return {};
    if (c == '[') {
      const bool is_index = is_identifier_character(before) || before == ']' || before == ')';
      const auto close = closing_of(code, at);
      if (!is_index && code.substr(at + 1, close - at - 1).find_first_not_of(" \n") != code.npos) {
        return "a capturing lambda inside a co_await expression is destroyed twice by g++ 12";
      }
      at = close;
    } else if (c == '{') {
      if (before != ')') {
        return "a brace-initialised temporary inside a co_await expression is destroyed twice by "
               "g++ 12";
      }
      if (depth == 0) return {};  // the body of `if (co_await ...) {` cannot come here; be safe
      at = closing_of(code, at);  // a lambda's body
    } else if (c == '}') {
      return {};
    }
  }
  return {};
}

}  // namespace detail

/// g++ 12 destroys such temporaries twice. Name the object first, then await with std::move(name).
inline std::vector<Finding> check_co_await(const SourceFile& file) {
  std::vector<Finding> findings;
  if (!is_cpp(file)) return findings;
  const std::string code = code_only(file.text);
  constexpr std::string_view word = "co_await";
  for (const auto at : find_word(code, word)) {
    const auto wrong = detail::judge_awaited(code, at + word.size());
    if (!wrong.empty()) findings.push_back({file.path, line_at(code, at), wrong});
  }
  return findings;
}

/// Without `default:` the compiler names the enumerator that a switch forgets.
inline std::vector<Finding> check_default_labels(const SourceFile& file) {
  std::vector<Finding> findings;
  if (!is_cpp(file) || !starts_with_any(file.path, {"server/domain/", "protocol/"}))
    return findings;
  const std::string code = code_only(file.text);
  for (const auto at : find_word(code, "default")) {
    const auto next = code.find_first_not_of(" \n", at + 7);
    if (next == std::string::npos || code[next] != ':') continue;
    findings.push_back(
        {file.path, line_at(code, at), "name every enumerator instead of 'default:'"});
  }
  return findings;
}

/// A detached coroutine swallows its exceptions: give a completion handler that logs.
inline std::vector<Finding> check_detached(const SourceFile& file) {
  std::vector<Finding> findings;
  if (!is_cpp(file)) return findings;
  const std::string code = code_only(file.text);
  for (const auto at : find_word(code, "detached")) {
    findings.push_back(
        {file.path, line_at(code, at), "nothing runs detached: its failure must be heard"});
  }
  return findings;
}

/// What is left to do stands in the issues, not in the code.
inline std::vector<Finding> check_leftovers(const SourceFile& file) {
  std::vector<Finding> findings;
  for (const std::string_view mark : {"TO"
                                      "DO",
                                      "FIX"
                                      "ME"}) {
    for (const auto at : find_word(file.text, mark)) {
      findings.push_back(
          {file.path, line_at(file.text, at), std::string(mark) + " belongs into an issue"});
    }
  }
  return findings;
}

}  // namespace oberih::lint
