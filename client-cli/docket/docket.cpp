// SPDX-License-Identifier: Apache-2.0
#include "client-cli/docket/docket.hpp"

#include <algorithm>

#include "protocol/encoding/utf8.hpp"
#include "protocol/sealing/hearing_facts.hpp"

namespace oberih::client {
namespace {

constexpr std::string_view docket_fault_names[] = {
#define OBERIH_DOCKET_FAULT(name) #name,
#include "client-cli/docket/docket_faults.def"
#undef OBERIH_DOCKET_FAULT
};

std::optional<DocketFault> fault_of_time(const WallTime& time) {
  const std::optional<WallTimeFault> fault = find_fault(time);
  if (!fault) return std::nullopt;
  switch (*fault) {
    case WallTimeFault::not_a_time:
      return DocketFault::not_a_time;
    case WallTimeFault::skipped:
      return DocketFault::time_skipped;
    case WallTimeFault::doubled:
      return DocketFault::time_doubled;
  }
  return DocketFault::not_a_time;
}

struct FaultyField {
  DocketFault fault{};
  std::string_view field;
};

std::optional<FaultyField> find_faulty_field(const DocketRow& row) {
  for (const std::string* field : {&row.case_number, &row.act, &row.room, &row.judge}) {
    if (field->size() > docket_field_bytes_at_most)
      return FaultyField{DocketFault::field_too_long, std::string_view(*field).substr(0, 40)};
    if (encoding::has_control_characters(*field))
      return FaultyField{DocketFault::control_characters, *field};
  }
  if (row.case_number.empty()) return FaultyField{DocketFault::case_number_missing, {}};
  if (row.act.empty()) return FaultyField{DocketFault::act_missing, {}};
  if (const auto fault = fault_of_time(row.start)) return FaultyField{*fault, {}};
  if (row.minutes == 0 || row.minutes > sealing::hearing_minutes_at_most)
    return FaultyField{DocketFault::minutes_invalid, {}};
  return std::nullopt;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Up to three numbers with single separators between them; nothing for anything else.
std::vector<unsigned> read_numbers(std::string_view text, std::string_view separators) {
  std::vector<unsigned> numbers;
  while (!text.empty()) {
    const std::size_t end = text.find_first_of(separators);
    const auto number = read_docket_number(text.substr(0, end));
    if (!number || numbers.size() == 3) return {};
    numbers.push_back(*number);
    if (end == text.npos) return numbers;
    text.remove_prefix(end + 1);
  }
  return {};
}

}  // namespace

std::string_view name_of(DocketFault fault) {
  return docket_fault_names[static_cast<std::size_t>(fault)];
}

Result<> refuse_row(Docket& docket, std::size_t line, DocketFault fault, std::string_view field) {
  if (docket.refused.size() >= docket_faults_at_most)
    return refuse(RefusalCode::docket_invalid, "over 10,000 lines of it cannot be taken");
  constexpr std::size_t shown_bytes = 200;
  docket.refused.push_back({line, fault, std::string(field.substr(0, shown_bytes))});
  return {};
}

Result<> take_row(Docket& docket, DocketRow row) {
  if (const auto faulty = find_faulty_field(row))
    return refuse_row(docket, row.line, faulty->fault, faulty->field);
  if (docket.rows.size() >= docket_rows_at_most)
    return refuse(RefusalCode::docket_invalid, "it has over 10,000 sessions");
  const std::string key =
      std::to_string(moment_of(row.start)) + "\n" + row.case_number + "\n" + row.act;
  if (!docket.seen.insert(key).second)
    return refuse_row(docket, row.line, DocketFault::same_as_earlier, row.case_number);
  docket.rows.push_back(std::move(row));
  return {};
}

std::optional<unsigned> read_docket_number(std::string_view text) {
  if (text.empty() || text.size() > 9 || !std::all_of(text.begin(), text.end(), is_digit))
    return std::nullopt;
  unsigned number = 0;
  for (const char digit : text) number = number * 10 + static_cast<unsigned>(digit - '0');
  return number;
}

std::string_view trim_blanks(std::string_view text) {
  constexpr std::string_view blanks = " \t";
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::optional<CivilDate> read_docket_date(std::string_view text) {
  constexpr std::size_t year_digits = 4;
  if (text.size() > year_digits && text[year_digits] == '-') {
    const std::vector<unsigned> parts = read_numbers(text, "-");
    if (parts.size() != 3) return std::nullopt;
    return CivilDate{static_cast<int>(parts[0]), parts[1], parts[2]};
  }
  const std::vector<unsigned> parts = read_numbers(text, ".");
  if (parts.size() != 3) return std::nullopt;
  return CivilDate{static_cast<int>(parts[2]), parts[1], parts[0]};
}

std::optional<ClockTime> read_docket_clock(std::string_view text) {
  const std::vector<unsigned> parts = read_numbers(text, ":.");
  // Seconds are nobody's appointment; some programs write them all the same.
  if (parts.size() < 2 || (parts.size() == 3 && parts[2] != 0)) return std::nullopt;
  return ClockTime{parts[0], parts[1]};
}

}  // namespace oberih::client
