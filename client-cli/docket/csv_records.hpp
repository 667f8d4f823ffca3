// SPDX-License-Identifier: Apache-2.0
// Records of a CSV file by RFC 4180, one after the other, each with the line it begins in. Line
// ends are CRLF or LF; the separator is a comma, a semicolon or a tab.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oberih::client {

enum class CsvFault {
  quotes_broken,    // the record is given up, the next one begins in the next line
  quotes_unclosed,  // nothing behind it can be told apart: the last record there is
  field_too_long,   // likewise
};

struct CsvRecord {
  std::size_t line = 0;  // from 1
  std::vector<std::string> fields;
  std::optional<CsvFault> fault{};
};

class CsvReader {
 public:
  CsvReader(std::string_view text, char separator) : rest_(text), separator_(separator) {}

  /// Nothing: the end. Empty lines are no records.
  std::optional<CsvRecord> next();

 private:
  bool read_field(CsvRecord& record);
  bool read_quoted(CsvRecord& record, std::string& field);
  void end_record();
  void give_up(CsvRecord& record, CsvFault fault);
  char take();

  std::string_view rest_;
  char separator_;
  std::size_t line_ = 1;
};

/// The one that the first line has most of, outside of quotes; a comma where it has none.
char find_separator(std::string_view text);

}  // namespace oberih::client
