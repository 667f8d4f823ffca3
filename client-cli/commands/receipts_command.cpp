// SPDX-License-Identifier: Apache-2.0
// `oberih receipts ENTRY`: the ladder of an entry, a line for each person, with what is signed by a
// device and what only the server asserts told apart.
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/device_search.hpp"
#include "client-cli/commands/entry_search.hpp"
#include "client-cli/commands/excuses_view.hpp"
#include "client-cli/commands/silence_view.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "client-cli/verification/evidence_ladder.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

using encoding::encode_hex;

std::string step_text(const Console& console, const std::optional<LadderStep>& step) {
  if (!step) return console.text(Sentence::step_not_yet);
  const std::string time = format_time(step->server_ms, console.language());
  return step->is_proven ? time : time + " " + console.text(Sentence::step_not_proven);
}

Sentence acknowledgement_sentence(sealing::AcknowledgementKind kind) {
  switch (kind) {
    case sealing::AcknowledgementKind::received:
      return Sentence::word_received;
    case sealing::AcknowledgementKind::understood:
      return Sentence::word_understood;
    case sealing::AcknowledgementKind::cannot_attend:
      return Sentence::word_cannot_attend;
  }
  return Sentence::word_received;
}

std::string acknowledged_text(const Console& console, const LadderPerson& person) {
  std::string text = step_text(console, person.acknowledged);
  for (const HistoryItem& item : person.acknowledgements) {
    text += "; " + console.text(acknowledgement_sentence(item.acknowledgement->kind));
    if (!item.text.empty()) text += ": " + encoding::printable(item.text);
  }
  return text;
}

nlohmann::ordered_json step_json(const std::optional<LadderStep>& step) {
  if (!step) return nullptr;
  nlohmann::ordered_json json{{"asserted_by_server",
                               {{"server_ms", step->server_ms},
                                {"time", format_rfc3339(step->server_ms)},
                                {"index", step->index},
                                {"proven", step->is_proven}}},
                              {"signed_by_device", {{"device", encode_hex(step->device)}}}};
  if (step->client_ms != 0) json["signed_by_device"]["client_ms"] = step->client_ms;
  return json;
}

bool lacks_a_step(const LadderPerson& person) {
  return !person.delivered || !person.opened || !person.acknowledged;
}

void print_excuses(CommandContext& context, const std::vector<LadderPerson>& people,
                   Milliseconds since_ms) {
  ClientSession& session = context.session();
  std::set<AgencyId> told;
  for (const LadderPerson& person : people) {
    const AgencyId agency = session.directory().agency_of_person(person.person);
    if (!lacks_a_step(person) || !told.insert(agency).second) continue;
    say_excuses(context, agency, since_ms);
  }
}

void print_person(CommandContext& context, Table& table, const LadderPerson& person,
                  Milliseconds entry_ms) {
  Console& console = context.console();
  const VerifiedDirectory& directory = context.session().verified_directory();
  std::string name = describe_device(directory, person.device);
  if (person.came_later) name += " " + console.text(Sentence::person_came_later);
  table.add({name, step_text(console, person.delivered), step_text(console, person.opened),
             acknowledged_text(console, person)});
  nlohmann::ordered_json kinds = nlohmann::ordered_json::array();
  for (const HistoryItem& item : person.acknowledgements)
    kinds.push_back({{"channel_seq", item.seq},
                     {"kind", sealing::name_of(item.acknowledgement->kind)},
                     {"remark", item.text}});
  const std::optional<std::string> known = directory.find_name(person.device);
  nlohmann::ordered_json excuses = nlohmann::ordered_json::array();
  if (lacks_a_step(person))
    excuses = excuses_json(context.session(),
                           context.session().directory().agency_of_person(person.person), entry_ms);
  console.object({{"person", encode_hex(person.person)},
                  {"name", known ? nlohmann::ordered_json(*known) : nlohmann::ordered_json()},
                  {"came_later", person.came_later},
                  {"delivered", step_json(person.delivered)},
                  {"opened", step_json(person.opened)},
                  {"acknowledged", step_json(person.acknowledged)},
                  {"acknowledgements", std::move(kinds)},
                  {"out_of_service", std::move(excuses)}});
}

Result<> receipts(CommandContext& context, const std::string& entry) {
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  Result<NamedEntry> named = find_entry(context, entry);
  if (!named) return named.error();
  OBERIH_TRY(context.session().read_names());
  Result<std::vector<LadderPerson>> people =
      read_ladder(context.session(), named->channel, named->item);
  if (!people) return people.error();
  Console& console = context.console();
  console.say(
      Sentence::ladder_accepted,
      {{"seq", std::to_string(named->item.seq)},
       {"time", format_time(named->item.server_ms, console.language())},
       {"index", std::to_string(named->item.index)},
       {"who", describe_device(context.session().verified_directory(), named->item.author)}});
  Table table({console.text(Sentence::column_person), console.text(Sentence::column_delivered),
               console.text(Sentence::column_opened), console.text(Sentence::column_acknowledged)});
  for (const LadderPerson& person : *people)
    print_person(context, table, person, named->item.server_ms);
  if (!table.is_empty()) console.print(table);
  print_silence_of(context, named->channel.id(), named->item);
  print_excuses(context, *people, named->item.server_ms);
  const auto silent = std::count_if(people->begin(), people->end(), [](const LadderPerson& each) {
    return !each.delivered && !each.acknowledged;
  });
  console.say(Sentence::ladder_silent,
              {{"silent", std::to_string(silent)}, {"all", std::to_string(people->size())}});
  console.say(Sentence::ladder_legend);
  return {};
}

}  // namespace

void add_receipts_command(CommandTree& tree) {
  auto entry = std::make_shared<std::string>();
  CLI::App* command =
      tree.command(nullptr, "receipts", Sentence::help_receipts, "oberih receipts 417#12",
                   [entry](CommandContext& context) { return receipts(context, *entry); });
  command->add_option("entry", *entry, tree.text(Sentence::help_option_entry))->required();
}

}  // namespace oberih::client
