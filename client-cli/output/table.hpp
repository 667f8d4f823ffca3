// SPDX-License-Identifier: Apache-2.0
// Columns for people. Programs take --json instead.
#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace oberih::client {

enum class Emphasis { none, bold_header };

class Table {
 public:
  explicit Table(std::vector<std::string> header) : header_(std::move(header)) {}
  /// As many cells as the header has; what could drive a terminal is escaped.
  void add(std::vector<std::string> row);
  bool is_empty() const { return rows_.empty(); }
  void print(std::ostream& out, Emphasis emphasis) const;

 private:
  std::vector<std::string> header_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace oberih::client
