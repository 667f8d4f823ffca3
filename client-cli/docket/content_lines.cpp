// SPDX-License-Identifier: Apache-2.0
#include "client-cli/docket/content_lines.hpp"

#include <algorithm>
#include <cctype>

namespace oberih::client {
namespace {

constexpr std::size_t parameters_at_most = 20;

/// Without the CR before it; moves `rest` behind the line's end.
std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool is_name_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-';
}

/// In capitals; empty: none stands there.
std::string take_name(std::string_view& rest) {
  std::string name;
  while (!rest.empty() && is_name_character(rest.front())) {
    name += static_cast<char>(std::toupper(static_cast<unsigned char>(rest.front())));
    rest.remove_prefix(1);
  }
  return name;
}

/// Up to the next `;` or `:` outside of quotes. False: a quote stays open.
bool take_parameter_value(std::string_view& rest, std::string& value) {
  bool is_quoted = false;
  while (!rest.empty()) {
    const char c = rest.front();
    if (!is_quoted && (c == ';' || c == ':')) return true;
    if (c == '"')
      is_quoted = !is_quoted;
    else
      value += c;
    rest.remove_prefix(1);
  }
  return !is_quoted;
}

bool parse_content_line(std::string_view rest, ContentLine& line) {
  line.name = take_name(rest);
  if (line.name.empty()) return false;
  while (rest.starts_with(';')) {
    rest.remove_prefix(1);
    std::string name = take_name(rest), value;
    if (name.empty() || !rest.starts_with('=') || line.parameters.size() >= parameters_at_most)
      return false;
    rest.remove_prefix(1);
    if (!take_parameter_value(rest, value)) return false;
    line.parameters.emplace_back(std::move(name), std::move(value));
  }
  if (!rest.starts_with(':')) return false;
  line.value = rest.substr(1);
  return true;
}

}  // namespace

std::string unfold_lines(std::string_view file) {
  std::string unfolded;
  unfolded.reserve(file.size() + 1);
  std::size_t owed = 0;  // line ends of folds
  while (!file.empty()) {
    const std::string_view line = take_line(file);
    // A fold continues a line that says something: one behind an empty line is an error, and is
    // left for the reader to find.
    const bool continues = (line.starts_with(' ') || line.starts_with('\t')) && !unfolded.empty() &&
                           !(unfolded.ends_with("\n\n")) && unfolded != "\n" &&
                           unfolded.back() == '\n';
    if (continues) {
      unfolded.pop_back();
      unfolded += line.substr(1);
      ++owed;
    } else {
      unfolded.append(owed, '\n');
      owed = 0;
      unfolded += line;
    }
    unfolded += '\n';
  }
  return unfolded;
}

std::string_view ContentLine::parameter(std::string_view wanted) const {
  for (const auto& [key, value_of_it] : parameters)
    if (key == wanted) return value_of_it;
  return {};
}

std::optional<ContentLine> ContentLineReader::next() {
  while (!rest_.empty()) {
    const std::string_view text = take_line(rest_);
    ++line_;
    if (text.empty()) continue;
    ContentLine line;
    line.line = line_;
    if (!parse_content_line(text, line)) {
      line = ContentLine{};
      line.line = line_;
      line.is_broken = true;
    }
    return line;
  }
  return std::nullopt;
}

std::string text_of_value(std::string_view value) {
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) {
    char c = value[i];
    if (c == '\\' && i + 1 < value.size()) {
      c = value[++i];
      if (c == 'n' || c == 'N') c = ' ';
    }
    text += c;
  }
  return text;
}

}  // namespace oberih::client
