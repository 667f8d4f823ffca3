// SPDX-License-Identifier: Apache-2.0
#include "client-cli/output/table.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <ostream>

#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

constexpr std::size_t gap = 2;

void print_row(std::ostream& out, const std::vector<std::string>& cells,
               const std::vector<std::size_t>& widths) {
  for (std::size_t column = 0; column < cells.size(); ++column) {
    out << cells[column];
    if (column + 1 == cells.size()) break;  // nothing behind the last cell
    out << std::string(widths[column] + gap - display_width(cells[column]), ' ');
  }
}

}  // namespace

std::size_t display_width(std::string_view utf8) {
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(utf8.data());
  auto left = static_cast<utf8proc_ssize_t>(utf8.size());
  std::size_t width = 0;
  while (left > 0) {
    utf8proc_int32_t point = 0;
    const utf8proc_ssize_t taken = utf8proc_iterate(bytes, left, &point);
    if (taken <= 0) return width + static_cast<std::size_t>(left);
    width += static_cast<std::size_t>(std::max(0, utf8proc_charwidth(point)));
    bytes += taken;
    left -= taken;
  }
  return width;
}

void Table::add_row(std::vector<std::string> cells) {
  for (std::string& cell : cells) cell = encoding::printable(cell);
  cells.resize(headings_.size());
  rows_.push_back(std::move(cells));
}

void Table::print(std::ostream& out, bool colours) const {
  std::vector<std::size_t> widths;
  for (const std::string& heading : headings_) widths.push_back(display_width(heading));
  for (const auto& row : rows_)
    for (std::size_t column = 0; column < row.size(); ++column)
      widths[column] = std::max(widths[column], display_width(row[column]));
  if (colours) out << "\x1b[1m";
  print_row(out, headings_, widths);
  out << (colours ? "\x1b[0m\n" : "\n");
  for (const auto& row : rows_) {
    print_row(out, row, widths);
    out << '\n';
  }
}

}  // namespace oberih::client
