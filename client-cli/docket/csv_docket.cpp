// SPDX-License-Identifier: Apache-2.0
#include "client-cli/docket/csv_docket.hpp"

#include <algorithm>
#include <array>

#include "client-cli/docket/csv_records.hpp"
#include "protocol/encoding/case_folding.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

enum class DocketColumn { date, time, minutes, case_number, act, room, judge };
constexpr std::size_t docket_column_count = 7;

struct ColumnName {
  std::string_view name;
  DocketColumn column;
};
constexpr std::array<ColumnName, 32> column_names = {{
    {"дата", DocketColumn::date},
    {"дата засідання", DocketColumn::date},
    {"дата слухання", DocketColumn::date},
    {"дата розгляду", DocketColumn::date},
    {"date", DocketColumn::date},
    {"час", DocketColumn::time},
    {"час засідання", DocketColumn::time},
    {"time", DocketColumn::time},
    {"хвилин", DocketColumn::minutes},
    {"тривалість", DocketColumn::minutes},
    {"тривалість, хв", DocketColumn::minutes},
    {"minutes", DocketColumn::minutes},
    {"справа", DocketColumn::case_number},
    {"номер справи", DocketColumn::case_number},
    {"№ справи", DocketColumn::case_number},
    {"case", DocketColumn::case_number},
    {"case number", DocketColumn::case_number},
    {"case_number", DocketColumn::case_number},
    {"дія", DocketColumn::act},
    {"процесуальна дія", DocketColumn::act},
    {"засідання", DocketColumn::act},
    {"вид засідання", DocketColumn::act},
    {"act", DocketColumn::act},
    {"зал", DocketColumn::room},
    {"зала", DocketColumn::room},
    {"зал судових засідань", DocketColumn::room},
    {"кабінет", DocketColumn::room},
    {"room", DocketColumn::room},
    {"суддя", DocketColumn::judge},
    {"головуючий суддя", DocketColumn::judge},
    {"склад суду", DocketColumn::judge},
    {"judge", DocketColumn::judge},
}};

constexpr std::size_t nowhere = static_cast<std::size_t>(-1);
using ColumnPlaces = std::array<std::size_t, docket_column_count>;

Result<ColumnPlaces> read_head(const CsvRecord& head, Docket& docket) {
  ColumnPlaces places;
  places.fill(nowhere);
  for (std::size_t i = 0; i < head.fields.size(); ++i) {
    const std::string_view written = trim_blanks(head.fields[i]);
    const auto folded = encoding::fold_case(written);
    const auto found = std::find_if(
        column_names.begin(), column_names.end(),
        [&](const ColumnName& each) { return encoding::fold_case(each.name) == folded; });
    if (found == column_names.end()) {
      docket.ignored_columns.emplace_back(written);
      continue;
    }
    std::size_t& place = places.at(static_cast<std::size_t>(found->column));
    if (place != nowhere)
      return refuse(RefusalCode::docket_invalid,
                    "two of its columns mean the same: " + encoding::printable(written));
    place = i;
  }
  const auto lacks = [&](DocketColumn column) {
    return places.at(static_cast<std::size_t>(column)) == nowhere;
  };
  if (lacks(DocketColumn::date))
    return refuse(RefusalCode::docket_invalid, "its first line names no column 'дата' (date)");
  if (lacks(DocketColumn::case_number))
    return refuse(RefusalCode::docket_invalid, "its first line names no column 'справа' (case)");
  if (lacks(DocketColumn::act))
    return refuse(RefusalCode::docket_invalid, "its first line names no column 'дія' (act)");
  return places;
}

class RowReader {
 public:
  RowReader(const ColumnPlaces& places, std::size_t columns) : places_(places), columns_(columns) {}

  Result<> read(const CsvRecord& record, Docket& docket) {
    if (record.fault) return refuse_row(docket, record.line, fault_of(*record.fault), {});
    if (record.fields.size() != columns_)
      return refuse_row(docket, record.line, DocketFault::columns_missing, {});
    DocketRow row;
    row.line = record.line;
    row.case_number = field(record, DocketColumn::case_number);
    row.act = field(record, DocketColumn::act);
    row.room = field(record, DocketColumn::room);
    row.judge = field(record, DocketColumn::judge);
    if (!read_start(record, row))
      return refuse_row(docket, row.line,
                        field(record, DocketColumn::date).empty() ? DocketFault::date_missing
                                                                  : DocketFault::not_a_time,
                        std::string(field(record, DocketColumn::date)) + " " +
                            std::string(field(record, DocketColumn::time)));
    if (const std::string_view minutes = field(record, DocketColumn::minutes); !minutes.empty()) {
      const auto number = read_docket_number(minutes);
      if (!number || *number > UINT16_MAX)
        return refuse_row(docket, row.line, DocketFault::minutes_invalid, minutes);
      row.minutes = static_cast<std::uint16_t>(*number);
    }
    return take_row(docket, std::move(row));
  }

 private:
  static DocketFault fault_of(CsvFault fault) {
    switch (fault) {
      case CsvFault::quotes_broken:
        return DocketFault::quotes_broken;
      case CsvFault::quotes_unclosed:
        return DocketFault::quotes_unclosed;
      case CsvFault::field_too_long:
        return DocketFault::field_too_long;
    }
    return DocketFault::quotes_broken;
  }

  /// Without blanks around; empty where there is no such column.
  std::string_view field(const CsvRecord& record, DocketColumn column) const {
    const std::size_t place = places_.at(static_cast<std::size_t>(column));
    return place == nowhere ? std::string_view() : trim_blanks(record.fields[place]);
  }

  /// The time stands in a column of its own, or behind the date.
  bool read_start(const CsvRecord& record, DocketRow& row) const {
    std::string_view date_text = field(record, DocketColumn::date);
    std::string_view clock_text = field(record, DocketColumn::time);
    if (clock_text.empty()) {
      const std::size_t blank = date_text.find_first_of(" T");
      if (blank == date_text.npos) return false;
      clock_text = trim_blanks(date_text.substr(blank + 1));
      date_text = date_text.substr(0, blank);
    }
    const std::optional<CivilDate> date = read_docket_date(date_text);
    const std::optional<ClockTime> clock = read_docket_clock(clock_text);
    if (!date || !clock) return false;
    row.start = {*date, clock->hour, clock->minute};
    return true;
  }

  ColumnPlaces places_;
  std::size_t columns_;
};

}  // namespace

Result<Docket> read_csv_docket(std::string_view text) {
  Docket docket;
  CsvReader reader(text, find_separator(text));
  const std::optional<CsvRecord> head = reader.next();
  if (!head || head->fault)
    return refuse(RefusalCode::docket_invalid, "its first line does not name columns");
  const Result<ColumnPlaces> places = read_head(*head, docket);
  if (!places) return places.error();
  RowReader rows(*places, head->fields.size());
  while (const std::optional<CsvRecord> record = reader.next())
    OBERIH_TRY(rows.read(*record, docket));
  return docket;
}

}  // namespace oberih::client
