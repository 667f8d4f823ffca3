// SPDX-License-Identifier: Apache-2.0
// Tables for people: columns as wide as their widest cell, measured as a terminal shows it.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace oberih::client {

/// Columns that a terminal needs for the text: Cyrillic 1, ideographs 2, combining marks 0.
std::size_t display_width(std::string_view utf8);

class Table {
 public:
  explicit Table(std::vector<std::string> headings) : headings_(std::move(headings)) {}
  /// As many cells as there are headings. Control characters are escaped.
  void add_row(std::vector<std::string> cells);
  bool is_empty() const { return rows_.empty(); }
  /// Headings bold where `colours`.
  void print(std::ostream& out, bool colours) const;

 private:
  std::vector<std::string> headings_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace oberih::client
