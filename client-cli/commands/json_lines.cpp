// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/json_lines.hpp"

#include <algorithm>

namespace oberih::client {
namespace {

/// Walks over values without looking into them further than to their end.
class FieldWalker {
 public:
  explicit FieldWalker(std::string_view text) : text_(text) {}

  std::map<std::string, std::size_t, std::less<>> lines() {
    value({});
    return std::move(lines_);
  }

 private:
  bool is_over() const { return at_ >= text_.size(); }
  char next() const { return is_over() ? '\0' : text_[at_]; }
  void skip_space() {
    while (!is_over() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos)
      ++at_;
  }
  /// Counted on from the last time: the walk only goes forward.
  std::size_t line_here() {
    line_ += line_of_byte(text_.substr(counted_), at_ - counted_) - 1;
    counted_ = at_;
    return line_;
  }
  /// What stands between the quotes, escapes as they are: names of fields have none.
  std::string_view string() {
    const std::size_t begin = ++at_;
    while (!is_over() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    const std::size_t end = std::min(at_, text_.size());
    ++at_;
    return text_.substr(begin, end - begin);
  }
  void take(char c) {
    skip_space();
    if (next() == c) ++at_;
  }

  void value(const std::string& path) {
    skip_space();
    lines_.emplace(path, line_here());
    switch (next()) {
      case '{':
        return object(path);
      case '[':
        return array(path);
      case '"':
        string();
        return;
      default:
        while (!is_over() && std::string_view(",]} \t\r\n").find(text_[at_]) == text_.npos) ++at_;
    }
  }
  void object(const std::string& path) {
    take('{');
    for (skip_space(); !is_over() && next() != '}'; skip_space()) {
      const std::string key(string());
      take(':');
      value(path.empty() ? key : path + "." + key);
      take(',');
    }
    take('}');
  }
  void array(const std::string& path) {
    take('[');
    std::size_t number = 0;
    for (skip_space(); !is_over() && next() != ']'; skip_space()) {
      value(path + "[" + std::to_string(number++) + "]");
      take(',');
    }
    take(']');
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t counted_ = 0, line_ = 1;
  std::map<std::string, std::size_t, std::less<>> lines_;
};

}  // namespace

std::size_t line_of_byte(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, byte);
  return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
}

FieldLines::FieldLines(std::string_view json) : lines_(FieldWalker(json).lines()) {}

std::size_t FieldLines::line_of(std::string_view path) const {
  while (true) {
    const auto found = lines_.find(path);
    if (found != lines_.end()) return found->second;
    const std::size_t end = path.find_last_of(".[");
    if (end == std::string_view::npos) return 1;
    path = path.substr(0, end);
  }
}

}  // namespace oberih::client
