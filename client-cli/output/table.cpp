// SPDX-License-Identifier: Apache-2.0
#include "client-cli/output/table.hpp"

#include <algorithm>

#include "client-cli/output/display_width.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

void print_row(std::ostream& out, const std::vector<std::string>& row,
               const std::vector<std::size_t>& widths) {
  // No spaces behind the last column: lines are copied and compared.
  for (std::size_t i = 0; i + 1 < row.size(); ++i) out << pad_to(row[i], widths[i]) << "  ";
  if (!row.empty()) out << row.back();
}

}  // namespace

void Table::add(std::vector<std::string> row) {
  for (std::string& cell : row) cell = encoding::printable(cell);
  rows_.push_back(std::move(row));
}

void Table::print(std::ostream& out, Emphasis emphasis) const {
  std::vector<std::size_t> widths(header_.size(), 0);
  auto widen = [&widths](const std::vector<std::string>& row) {
    for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i)
      widths[i] = std::max(widths[i], display_width(row[i]));
  };
  widen(header_);
  for (const auto& row : rows_) widen(row);
  if (emphasis == Emphasis::bold_header) out << "\x1b[1m";
  print_row(out, header_, widths);
  if (emphasis == Emphasis::bold_header) out << "\x1b[0m";
  out << "\n";
  for (const auto& row : rows_) {
    print_row(out, row, widths);
    out << "\n";
  }
}

}  // namespace oberih::client
