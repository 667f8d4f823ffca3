// SPDX-License-Identifier: Apache-2.0
// The files of the project as the lint rules read them: whole, by line, and as code only (comments
// and literals blanked out). Knows no rule.
#pragma once

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace oberih::lint {

struct SourceFile {
  std::string path;  // from the root, with '/'
  std::string text;
};

struct Finding {
  std::string path;
  std::size_t line;  // from 1; 0: the file as a whole
  std::string sentence;
};

inline std::string to_string(const Finding& finding) {
  return finding.path + ":" + std::to_string(finding.line) + ": " + finding.sentence + "\n";
}

inline std::string to_string(const std::vector<Finding>& findings) {
  std::string all;
  for (const auto& finding : findings) all += to_string(finding);
  return all;
}

inline bool is_identifier_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

inline bool starts_with_any(std::string_view text, const std::vector<std::string_view>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](std::string_view prefix) { return text.starts_with(prefix); });
}

inline std::string folder_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return std::string(slash == path.npos ? std::string_view() : path.substr(0, slash));
}

inline std::string file_name_of(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));  // npos + 1 is 0
}

inline std::string extension_of(std::string_view path) {
  const std::string name = file_name_of(path);
  const auto dot = name.rfind('.');
  return dot == name.npos ? std::string() : name.substr(dot);
}

inline bool is_cpp(const SourceFile& file) {
  const std::string extension = extension_of(file.path);
  return extension == ".cpp" || extension == ".hpp" || extension == ".def";
}

inline bool is_script(const SourceFile& file) { return file.text.starts_with("#!"); }

inline bool is_test(const SourceFile& file) { return file.path.starts_with("tests/"); }

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

inline std::size_t line_at(std::string_view text, std::size_t position) {
  return 1 + static_cast<std::size_t>(std::count(text.begin(), text.begin() + position, '\n'));
}

/// Every file of the checkout, sorted by path, but what .gitignore names and git's own.
inline std::vector<SourceFile> load_tree(const std::filesystem::path& root) {
  const std::vector<std::string> skipped{".git", "build", ".quickstart"};
  std::vector<SourceFile> files;
  auto entry = std::filesystem::recursive_directory_iterator(root);
  for (; entry != std::filesystem::recursive_directory_iterator(); ++entry) {
    const std::string name = entry->path().filename().string();
    if (entry.depth() == 0 && std::find(skipped.begin(), skipped.end(), name) != skipped.end()) {
      if (entry->is_directory()) entry.disable_recursion_pending();
      continue;
    }
    if (!entry->is_regular_file() || name.ends_with(".swp")) continue;
    std::ifstream stream(entry->path(), std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    files.push_back({entry->path().lexically_relative(root).generic_string(), text.str()});
  }
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

namespace detail {

inline void blank(std::string& code, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < to && i < code.size(); ++i) {
    if (code[i] != '\n') code[i] = ' ';
  }
}

/// One past the closing quote of the plain literal that opens at `at`.
inline std::size_t end_of_literal(const std::string& text, std::size_t at) {
  const char quote = text[at];
  for (std::size_t i = at + 1; i < text.size() && text[i] != '\n'; ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      return i + 1;
    }
  }
  return std::min(text.find('\n', at), text.size());
}

/// One past the end of the raw string whose quote stands at `at`.
inline std::size_t end_of_raw_string(const std::string& text, std::size_t at) {
  const auto bracket = text.find('(', at);
  if (bracket == text.npos) return text.size();
  const std::string close = ")" + text.substr(at + 1, bracket - at - 1) + "\"";
  const auto end = text.find(close, bracket);
  return end == text.npos ? text.size() : end + close.size();
}

/// One past the comment that begins at `at`, or `at` when none does.
inline std::size_t end_of_comment(const std::string& text, std::size_t at) {
  if (text.compare(at, 2, "//") == 0) return std::min(text.find('\n', at), text.size());
  if (text.compare(at, 2, "/*") != 0) return at;
  const auto end = text.find("*/", at + 2);
  return end == text.npos ? text.size() : end + 2;
}

}  // namespace detail

/// The same text, same length and lines, with comments and the inside of literals blanked.
inline std::string code_only(const std::string& text) {
  std::string code = text;
  std::size_t i = 0;
  while (i < text.size()) {
    const bool is_quote = text[i] == '"';
    const bool is_apostrophe =  // 5'000 is no literal's begin
        text[i] == '\'' && (i == 0 || !is_identifier_character(text[i - 1]));
    if (const auto after = detail::end_of_comment(text, i); after != i) {
      detail::blank(code, i, after);
      i = after;
    } else if (is_quote || is_apostrophe) {
      const bool is_raw = is_quote && i > 0 && text[i - 1] == 'R';
      const auto end =
          is_raw ? detail::end_of_raw_string(text, i) : detail::end_of_literal(text, i);
      detail::blank(code, i + 1, end - 1);
      i = end;
    } else {
      ++i;
    }
  }
  return code;
}

/// Positions at which `word` stands as a whole word.
inline std::vector<std::size_t> find_word(std::string_view text, std::string_view word) {
  std::vector<std::size_t> places;
  for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    const bool begins = at == 0 || !is_identifier_character(text[at - 1]);
    const bool ends = end == text.size() || !is_identifier_character(text[end]);
    if (begins && ends) places.push_back(at);
  }
  return places;
}

}  // namespace oberih::lint
