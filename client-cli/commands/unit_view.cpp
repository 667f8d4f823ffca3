// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/unit_view.hpp"

#include <nlohmann/json.hpp>

#include "client-cli/commands/device_search.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

using encoding::encode_hex;
using encoding::printable;
using sealing::UnitDuty;
using sealing::UnitLine;

Sentence word_of(UnitDuty duty) {
  switch (duty) {
    case UnitDuty::member:
      return Sentence::word_member;
    case UnitDuty::supervisor:
      return Sentence::word_supervisor;
    case UnitDuty::duty_officer:
      return Sentence::word_duty_officer;
    case UnitDuty::deputy:
      return Sentence::word_deputy;
  }
  return Sentence::word_member;
}

nlohmann::ordered_json person_json(ClientSession& session, const PersonId& person) {
  nlohmann::ordered_json json{{"person", encode_hex(person)}};
  const std::optional<std::string> name = find_name_of_person(session, person);
  json["name"] = name ? nlohmann::ordered_json(*name) : nlohmann::ordered_json();
  return json;
}

nlohmann::ordered_json line_json(ClientSession& session, const UnitLine& line) {
  nlohmann::ordered_json json = person_json(session, line.person);
  json["duty"] = name_of(line.duty);
  if (line.duty == UnitDuty::deputy) json["stands_in_for"] = encode_hex(line.stands_in_for);
  json["from_ms"] = line.from_ms;
  json["to_ms"] = line.to_ms;
  json["in_force"] = line.is_in_force(now_ms(session));
  return json;
}

}  // namespace

nlohmann::ordered_json unit_json(ClientSession& session, const sealing::UnitInForce& in_force) {
  const sealing::Unit& unit = in_force.unit;
  nlohmann::ordered_json lines = nlohmann::ordered_json::array();
  for (const UnitLine& line : unit.lines) lines.push_back(line_json(session, line));
  return {{"unit", encode_hex(unit.unit)},     {"name", unit.name},
          {"agency", encode_hex(unit.agency)}, {"version", unit.version},
          {"signer", encode_hex(unit.signer)}, {"index", in_force.index},
          {"server_ms", in_force.server_ms},   {"lines", lines}};
}

void show_unit(CommandContext& context, const sealing::UnitInForce& in_force) {
  ClientSession& session = context.session();
  Console& console = context.console();
  const sealing::Unit& unit = in_force.unit;
  console.object(unit_json(session, in_force));
  console.say(Sentence::unit_shown,
              {{"name", printable(unit.name)},
               {"agency", agency_name(session.directory(), unit.agency)},
               {"id", encode_hex(unit.unit)},
               {"version", std::to_string(unit.version)},
               {"who", name_or_digits(session.verified_directory(), unit.signer)},
               {"time", format_time(in_force.server_ms, console.language())},
               {"index", std::to_string(in_force.index)}});
  Table table({console.text(Sentence::column_name), console.text(Sentence::column_what),
               console.text(Sentence::column_stands_in_for), console.text(Sentence::column_from),
               console.text(Sentence::column_until), console.text(Sentence::column_now)});
  for (const UnitLine& line : unit.lines)
    table.add({describe_person(session, line.person), console.text(word_of(line.duty)),
               line.stands_in_for.is_zero() ? "" : describe_person(session, line.stands_in_for),
               describe_from(console, line.from_ms), describe_to(console, line.to_ms),
               line.is_in_force(now_ms(session)) ? console.text(Sentence::word_yes) : ""});
  console.print(table);
}

std::vector<const UnitLine*> lines_now(const sealing::Unit& unit, UnitDuty duty,
                                       Milliseconds now_ms) {
  std::vector<const UnitLine*> lines;
  for (const UnitLine& line : unit.lines)
    if (line.duty == duty && line.is_in_force(now_ms)) lines.push_back(&line);
  return lines;
}

std::string describe_on_duty(ClientSession& session, const sealing::Unit& unit) {
  std::string text;
  for (const UnitLine* line : lines_now(unit, UnitDuty::duty_officer, now_ms(session)))
    text += (text.empty() ? "" : ", ") + describe_person(session, line->person);
  return text.empty() ? "-" : text;
}

std::string describe_out_of_service_now(CommandContext& context, const AgencyId& agency) {
  const ClientSession& session = context.session();
  const auto intervals = session.directory().out_of_service_at(agency, now_ms(session), UINT64_MAX);
  if (intervals.empty()) return {};
  const sealing::OutOfService& interval = intervals.front()->interval;
  Console& console = context.console();
  return console.text(Sentence::out_of_service_now,
                      {{"from", describe_from(console, interval.from_ms)},
                       {"to", describe_to(console, interval.to_ms)},
                       {"why", console.text(word_of(interval.reason))}});
}

Sentence word_of(sealing::OutOfServiceReason reason) {
  switch (reason) {
    case sealing::OutOfServiceReason::blackout:
      return Sentence::word_blackout;
    case sealing::OutOfServiceReason::shelling:
      return Sentence::word_shelling;
    case sealing::OutOfServiceReason::no_connection:
      return Sentence::word_no_connection;
    case sealing::OutOfServiceReason::relocation:
      return Sentence::word_relocation;
    case sealing::OutOfServiceReason::technical_failure:
      return Sentence::word_technical_failure;
    case sealing::OutOfServiceReason::other:
      return Sentence::word_other;
  }
  return Sentence::word_other;
}

}  // namespace oberih::client
