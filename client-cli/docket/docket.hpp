// SPDX-License-Identifier: Apache-2.0
// A court's docket: one row for each session, as a file of another program lists them, and of each
// row that was not taken the line and the reason. Nothing here sends or asks anybody.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/kyiv_clock.hpp"
#include "protocol/base/result.hpp"

namespace oberih::client {

// Bounds of what is read: a court has some thousand sessions a year.
inline constexpr std::size_t docket_bytes_at_most = 4 * 1024 * 1024;
inline constexpr std::size_t docket_rows_at_most = 10'000;
inline constexpr std::size_t docket_faults_at_most = 10'000;
inline constexpr std::size_t docket_field_bytes_at_most = 4'000;

struct DocketRow {
  std::size_t line = 0;  // where it begins in the file
  WallTime start;
  std::uint16_t minutes = 60;
  std::string case_number;
  std::string act;
  std::string room;   // in words; may be empty
  std::string judge;  // may be empty

  bool operator==(const DocketRow&) const = default;
};

/// Why a row is not taken (docket_faults.def).
enum class DocketFault {
#define OBERIH_DOCKET_FAULT(name) name,
#include "client-cli/docket/docket_faults.def"
#undef OBERIH_DOCKET_FAULT
};
/// Short words, for programs: `time_skipped`.
std::string_view name_of(DocketFault fault);

struct DocketRefusal {
  std::size_t line = 0;
  DocketFault fault{};
  std::string field;  // what the file says there; not safe for a terminal; may be empty

  bool operator==(const DocketRefusal&) const = default;
};

struct Docket {
  std::vector<DocketRow> rows;
  std::vector<DocketRefusal> refused;
  std::vector<std::string> ignored_columns;  // of CSV: heads that mean nothing here
  std::set<std::string> seen;                // what take_row compares with
};

/// Adds the row, or why it is not taken: the questions that both kinds of file share. Refusal:
/// docket_invalid, when there are too many.
Result<> take_row(Docket& docket, DocketRow row);
Result<> refuse_row(Docket& docket, std::size_t line, DocketFault fault, std::string_view field);

/// `2027-03-04`, `04.03.2027`, `4.3.2027` and `10:00`, `9:30`, `10.00`. No digits: nothing. That
/// the calendar has such a day is asked by take_row.
std::optional<CivilDate> read_docket_date(std::string_view text);
struct ClockTime {
  unsigned hour = 0;
  unsigned minute = 0;
};
std::optional<ClockTime> read_docket_clock(std::string_view text);
/// Digits alone, up to 9 of them.
std::optional<unsigned> read_docket_number(std::string_view text);
std::string_view trim_blanks(std::string_view text);

}  // namespace oberih::client
