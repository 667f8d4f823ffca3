// SPDX-License-Identifier: Apache-2.0
// The lines of a `text/calendar` file (RFC 5545, 3.1): unfolded, then taken apart. Written for
// files of anybody: bounded, and without a library that reads more of them than is needed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oberih::client {

/// Joins folded lines. As many line ends stand behind each as were taken out of it, so that what
/// follows keeps the number of its line. Bytes: a fold may lie within a letter.
std::string unfold_lines(std::string_view file);

struct ContentLine {
  std::size_t line = 0;                                         // from 1
  std::string name;                                             // in capitals
  std::vector<std::pair<std::string, std::string>> parameters;  // names in capitals, no quotes
  std::string value;                                            // as it stands, with its escapes
  bool is_broken = false;  // not a line of RFC 5545: nothing else of it is set

  /// Empty: there is none.
  std::string_view parameter(std::string_view wanted) const;
};

class ContentLineReader {
 public:
  explicit ContentLineReader(std::string_view unfolded) : rest_(unfolded) {}
  /// Nothing: the end. Empty lines are skipped.
  std::optional<ContentLine> next();

 private:
  std::string_view rest_;
  std::size_t line_ = 0;
};

/// Of a value of type TEXT: its escapes undone (3.3.11), line ends become blanks.
std::string text_of_value(std::string_view value);

}  // namespace oberih::client
