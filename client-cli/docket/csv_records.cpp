// SPDX-License-Identifier: Apache-2.0
#include "client-cli/docket/csv_records.hpp"

#include <array>

#include "client-cli/docket/docket.hpp"

namespace oberih::client {
namespace {

constexpr std::size_t csv_fields_at_most = 100;

bool ends_a_line(std::string_view rest) {
  return rest.empty() || rest.starts_with('\n') || rest.starts_with("\r\n");
}

}  // namespace

char find_separator(std::string_view text) {
  constexpr std::array<char, 3> separators = {',', ';', '\t'};
  std::array<std::size_t, separators.size()> counts{};
  bool is_quoted = false;
  for (const char c : text) {
    if (c == '"') is_quoted = !is_quoted;
    if (is_quoted) continue;
    if (c == '\n') break;
    for (std::size_t i = 0; i < separators.size(); ++i) counts[i] += c == separators[i] ? 1 : 0;
  }
  std::size_t most = 0;
  for (std::size_t i = 1; i < separators.size(); ++i)
    if (counts[i] > counts[most]) most = i;
  return separators[most];
}

char CsvReader::take() {
  const char c = rest_.front();
  rest_.remove_prefix(1);
  if (c == '\n') ++line_;
  return c;
}

void CsvReader::give_up(CsvRecord& record, CsvFault fault) {
  record.fault = fault;
  if (fault != CsvFault::quotes_broken) {
    rest_ = {};
    return;
  }
  while (!rest_.empty() && take() != '\n') {
  }
}

void CsvReader::end_record() {
  if (rest_.starts_with('\r')) take();
  if (!rest_.empty()) take();
}

/// Behind the opening quote. False: given up.
bool CsvReader::read_quoted(CsvRecord& record, std::string& field) {
  while (!rest_.empty()) {
    const char c = take();
    if (c == '"') {
      if (!rest_.starts_with('"')) return true;
      take();
    }
    field += c;
    if (field.size() > docket_field_bytes_at_most) {
      give_up(record, CsvFault::field_too_long);
      return false;
    }
  }
  give_up(record, CsvFault::quotes_unclosed);
  return false;
}

/// True: another field follows in this record.
bool CsvReader::read_field(CsvRecord& record) {
  std::string field;
  if (rest_.starts_with('"')) {
    take();
    if (!read_quoted(record, field)) return false;
  } else {
    while (!ends_a_line(rest_) && rest_.front() != separator_ && rest_.front() != '"') {
      field += take();
      if (field.size() > docket_field_bytes_at_most) {
        give_up(record, CsvFault::field_too_long);
        return false;
      }
    }
  }
  const bool has_next = rest_.starts_with(separator_);
  if ((!has_next && !ends_a_line(rest_)) || record.fields.size() >= csv_fields_at_most) {
    give_up(record, CsvFault::quotes_broken);
    return false;
  }
  record.fields.push_back(std::move(field));
  if (has_next) take();
  return has_next;
}

std::optional<CsvRecord> CsvReader::next() {
  while (!rest_.empty() && ends_a_line(rest_)) end_record();
  if (rest_.empty()) return std::nullopt;
  CsvRecord record;
  record.line = line_;
  while (read_field(record)) {
  }
  if (!record.fault) end_record();
  return record;
}

}  // namespace oberih::client
