// SPDX-License-Identifier: Apache-2.0
// Whom to turn to: units by their name or agency, and those on duty by their name, where one may
// see it. Nobody else is listed, so that a search is no list of strangers.
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/unit_view.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "protocol/encoding/case_folding.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

using encoding::encode_hex;
using encoding::fold_case;
using sealing::UnitDuty;
using sealing::UnitLine;

struct WhoOptions {
  std::vector<std::string> words;
};

Result<std::vector<std::string>> read_words(const std::vector<std::string>& arguments) {
  std::vector<std::string> words;
  for (const std::string& argument : arguments) {
    const std::optional<std::string> folded = fold_case(argument);
    if (!folded) return refuse(RefusalCode::usage, "the words are no text");
    std::istringstream parts(*folded);
    for (std::string word; parts >> word;) words.push_back(word);
  }
  if (words.empty()) return refuse(RefusalCode::usage, "say a word of a unit's name");
  return words;
}

/// Each word stands in the text somewhere.
bool has_all(const std::string& text, const std::vector<std::string>& words) {
  const std::string folded = fold_case(text).value_or(std::string());
  return std::all_of(words.begin(), words.end(), [&](const std::string& word) {
    return folded.find(word) != std::string::npos;
  });
}

/// Who answers for the unit now: its duty officers, and whoever stands in for somebody.
std::vector<const UnitLine*> answering(const sealing::Unit& unit, Milliseconds now) {
  std::vector<const UnitLine*> lines = lines_now(unit, UnitDuty::duty_officer, now);
  const std::vector<const UnitLine*> deputies = lines_now(unit, UnitDuty::deputy, now);
  lines.insert(lines.end(), deputies.begin(), deputies.end());
  return lines;
}

bool is_meant(ClientSession& session, const sealing::Unit& unit,
              const std::vector<std::string>& words) {
  std::string text = unit.name + " " + agency_name(session.directory(), unit.agency);
  if (has_all(text, words)) return true;
  for (const UnitLine* line : answering(unit, now_ms(session)))
    if (const std::optional<std::string> name = find_name_of_person(session, line->person))
      if (has_all(text + " " + *name, words)) return true;
  return false;
}

nlohmann::ordered_json answer_json(ClientSession& session, const UnitLine& line) {
  nlohmann::ordered_json json{{"person", encode_hex(line.person)}, {"duty", name_of(line.duty)}};
  const std::optional<std::string> name = find_name_of_person(session, line.person);
  json["name"] = name ? nlohmann::ordered_json(*name) : nlohmann::ordered_json();
  if (line.duty == UnitDuty::deputy) json["stands_in_for"] = encode_hex(line.stands_in_for);
  json["to_ms"] = line.to_ms;
  return json;
}

std::string describe_answer(CommandContext& context, const UnitLine& line) {
  ClientSession& session = context.session();
  const std::string who = describe_person(session, line.person);
  if (line.duty != UnitDuty::deputy) return who;
  return context.console().text(
      Sentence::who_stands_in,
      {{"who", who}, {"for", describe_person(session, line.stands_in_for)}});
}

void show_answer(CommandContext& context, const sealing::Unit& unit, Table& table) {
  ClientSession& session = context.session();
  Console& console = context.console();
  nlohmann::ordered_json answers = nlohmann::ordered_json::array();
  const std::string absence = describe_out_of_service_now(context, unit.agency);
  const std::vector<const UnitLine*> lines = answering(unit, now_ms(session));
  for (const UnitLine* line : lines) {
    answers.push_back(answer_json(session, *line));
    table.add({encode_hex(unit.unit).substr(0, 8), encoding::printable(unit.name),
               agency_name(session.directory(), unit.agency), describe_answer(context, *line),
               describe_to(console, line->to_ms), absence});
  }
  if (lines.empty())
    table.add({encode_hex(unit.unit).substr(0, 8), encoding::printable(unit.name),
               agency_name(session.directory(), unit.agency), "-", "", absence});
  console.object({{"unit", encode_hex(unit.unit)},
                  {"name", unit.name},
                  {"agency", encode_hex(unit.agency)},
                  {"agency_name", agency_name(session.directory(), unit.agency)},
                  {"on_duty", answers},
                  {"out_of_service", !absence.empty()}});
}

Result<> who(CommandContext& context, const WhoOptions& options) {
  Result<std::vector<std::string>> words = read_words(options.words);
  if (!words) return words.error();
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  ClientSession& session = context.session();
  OBERIH_TRY(session.read_names());
  Console& console = context.console();
  Table table({console.text(Sentence::column_id), console.text(Sentence::column_unit),
               console.text(Sentence::column_agency), console.text(Sentence::column_on_duty),
               console.text(Sentence::column_until),
               console.text(Sentence::column_out_of_service)});
  for (const sealing::UnitInForce* unit : session.directory().units())
    if (!unit->unit.lines.empty() && is_meant(session, unit->unit, *words))
      show_answer(context, unit->unit, table);
  if (table.is_empty()) return refuse(RefusalCode::not_found, "no unit fits these words");
  console.print(table);
  return {};
}

}  // namespace

void add_who_command(CommandTree& tree) {
  auto options = std::make_shared<WhoOptions>();
  CLI::App* command =
      tree.command(nullptr, "who", Sentence::help_who, "oberih who відділ одеса",
                   [options](CommandContext& context) { return who(context, *options); });
  command->add_option("words", options->words, tree.text(Sentence::help_option_words))->required();
}

}  // namespace oberih::client
