// SPDX-License-Identifier: Apache-2.0
// `oberih hearing import`: a court's docket becomes prepared files that `hearing schedule --file`
// takes, one for each session, with a report line by line. Sends nothing and needs no key.
#include <cstdint>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/document_file.hpp"
#include "client-cli/commands/hearing_file.hpp"
#include "client-cli/docket/calendar_docket.hpp"
#include "client-cli/docket/content_lines.hpp"
#include "client-cli/docket/csv_docket.hpp"
#include "client-cli/docket/docket_text.hpp"
#include "client-cli/keyring/private_file.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

using Json = nlohmann::ordered_json;
using encoding::printable;

struct ImportOptions {
  std::string file, folder, like, encoding = "utf-8";
};

bool is_calendar(std::string_view file) {
  constexpr std::string_view begin = "BEGIN:VCALENDAR", mark = "\xEF\xBB\xBF";
  if (file.starts_with(mark)) file.remove_prefix(mark.size());
  return file.starts_with(begin);
}

Result<Docket> read_docket(const ImportOptions& options) {
  const std::optional<DocketEncoding> encoding = find_docket_encoding(options.encoding);
  if (!encoding) return refuse(RefusalCode::usage, "--encoding is utf-8 or windows-1251");
  Result<std::string> file = read_foreign_file(options.file, docket_bytes_at_most);
  if (!file) return file.error();
  const bool is_ics = is_calendar(*file);
  Result<std::string> text = read_docket_text(is_ics ? unfold_lines(*file) : *file, *encoding);
  if (!text) return refuse(text.error().code, options.file + ": " + text.error().detail);
  Result<Docket> docket = is_ics ? read_calendar_docket(*text) : read_csv_docket(*text);
  if (!docket) return refuse(docket.error().code, options.file + ": " + docket.error().detail);
  return docket;
}

/// What every prepared file begins with: a filled-in one that the clerk names, else empty fields
/// which `hearing schedule` asks for.
Result<Json> read_like(const ImportOptions& options) {
  if (options.like.empty()) {
    Json empty = Json::parse(hearing_file_template());
    for (const char* field : {"summoned_by", "court_name", "court_address", "court_phone", "words"})
      empty[field] = "";
    empty["called"] = Json::array();
    empty.erase("answer_by");
    return Result<Json>(boost::system::in_place_value, std::move(empty));
  }
  constexpr std::size_t like_bytes_at_most = 1024 * 1024;
  Result<std::string> text = read_foreign_file(options.like, like_bytes_at_most);
  if (!text) return text.error();
  if (const auto draft = parse_hearing_file(*text); !draft)
    return refuse(draft.error().code, options.like + ": " + draft.error().detail);
  Json like = Json::parse(*text);
  // What belongs to the one hearing that it was filled in for.
  for (const char* field : {"answer_by", "proceeding", "room_id", "testimony_ordinal"})
    like.erase(field);
  return Result<Json>(boost::system::in_place_value, std::move(like));
}

Json prepared(Json like, const DocketRow& row) {
  like["start"] = write_wall_time(row.start);
  like["minutes"] = row.minutes;
  like["case_number"] = row.case_number;
  like["act"] = row.act;
  if (!row.room.empty()) like["room"] = row.room;
  if (!row.judge.empty()) like["summoned_by"] = row.judge;
  return like;
}

/// `0007-2027-03-04-1000.json`: the line first, so that a folder has the order of the docket.
std::string prepared_name(const DocketRow& row) {
  char name[80];
  std::snprintf(name, sizeof name, "%05zu-%04d-%02u-%02u-%02u%02u.json", row.line,
                row.start.date.year, row.start.date.month, row.start.date.day, row.start.hour,
                row.start.minute);
  return name;
}

Sentence sentence_of(DocketFault fault) {
  switch (fault) {
#define OBERIH_DOCKET_FAULT(name) \
  case DocketFault::name:         \
    return Sentence::docket_##name;
#include "client-cli/docket/docket_faults.def"
#undef OBERIH_DOCKET_FAULT
  }
  return Sentence::docket_line_broken;
}

void tell_taken(Console& console, const DocketRow& row, const std::filesystem::path& folder) {
  console.say(Sentence::docket_taken, {{"line", std::to_string(row.line)},
                                       {"time", format_wall_time(row.start, console.language())},
                                       {"case", printable(row.case_number)},
                                       {"file", prepared_name(row)}});
  console.object({{"line", row.line},
                  {"taken", true},
                  {"start", write_wall_time(row.start)},
                  {"case_number", row.case_number},
                  {"file", (folder / prepared_name(row)).string()}});
}

void tell_refused(Console& console, const DocketRefusal& refused) {
  console.say(Sentence::docket_refused,
              {{"line", std::to_string(refused.line)},
               {"why", console.text(sentence_of(refused.fault))},
               {"field", refused.field.empty() ? "" : " (" + printable(refused.field) + ")"}});
  console.object({{"line", refused.line},
                  {"taken", false},
                  {"why", name_of(refused.fault)},
                  {"field", printable(refused.field)}});
}

/// In the order of the file.
void report(Console& console, const Docket& docket, const std::string& folder) {
  for (const std::string& column : docket.ignored_columns)
    console.note(Sentence::docket_column_ignored, {{"column", printable(column)}});
  auto refused = docket.refused.begin();
  const auto tell_refused_before = [&](std::size_t line) {
    for (; refused != docket.refused.end() && refused->line < line; ++refused)
      tell_refused(console, *refused);
  };
  for (const DocketRow& row : docket.rows) {
    tell_refused_before(row.line);
    tell_taken(console, row, folder);
  }
  tell_refused_before(SIZE_MAX);
  console.say(Sentence::docket_imported, {{"taken", std::to_string(docket.rows.size())},
                                          {"refused", std::to_string(docket.refused.size())},
                                          {"folder", folder}});
}

Result<> import_docket(CommandContext& context, const ImportOptions& options) {
  Result<Docket> docket = read_docket(options);
  if (!docket) return docket.error();
  Result<Json> like = read_like(options);
  if (!like) return like.error();
  const std::filesystem::path folder(options.folder);
  // All or nothing: half of an import among the files of another one would be sent by mistake.
  for (const DocketRow& row : docket->rows)
    if (std::error_code error; std::filesystem::exists(folder / prepared_name(row), error))
      return refuse(RefusalCode::usage,
                    (folder / prepared_name(row)).string() + " exists: name an empty folder");
  if (std::error_code error; !std::filesystem::is_directory(folder, error))
    if (Result<> made = make_private_folder(folder); !made)
      return refuse(RefusalCode::usage, made.error().detail);
  for (const DocketRow& row : docket->rows)
    OBERIH_TRY(
        write_document(folder / prepared_name(row), as_bytes(prepared(*like, row).dump(2) + "\n")));
  report(context.console(), *docket, options.folder);
  return {};
}

}  // namespace

void add_hearing_import_command(CommandTree& tree, CLI::App* group) {
  auto options = std::make_shared<ImportOptions>();
  CLI::App* command =
      tree.command(group, "import", Sentence::help_hearing_import,
                   "oberih hearing import docket.csv --like summons.json --into prepared",
                   [options](CommandContext& context) { return import_docket(context, *options); });
  command->add_option("file", options->file, tree.text(Sentence::help_option_docket))->required();
  command->add_option("--into", options->folder, tree.text(Sentence::help_option_docket_into))
      ->required();
  command->add_option("--like", options->like, tree.text(Sentence::help_option_docket_like));
  command
      ->add_option("--encoding", options->encoding,
                   tree.text(Sentence::help_option_docket_encoding))
      ->type_name("utf-8|windows-1251");
}

}  // namespace oberih::client
