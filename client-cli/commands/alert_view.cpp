// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/alert_view.hpp"

#include "client-cli/commands/silence_view.hpp"
#include "client-cli/commands/task_parties.hpp"
#include "client-cli/commands/task_view.hpp"
#include "client-cli/commands/unit_view.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "protocol/encoding/hex.hpp"

namespace oberih::client {
namespace {

using sealing::Alert;

std::string describe_asked(CommandContext& context, const Alert& alert) {
  if (alert.unit.is_zero()) return context.console().text(Sentence::alert_of_a_person);
  return describe_party(context.session(), sealing::TaskParty::of(alert.agency, alert.unit));
}

/// Whoever is on duty for the unit; where nobody is, its people.
std::string describe_whom_to_ask(CommandContext& context, const Alert& alert) {
  ClientSession& session = context.session();
  const sealing::UnitInForce* unit = session.directory().find_unit(alert.unit);
  if (unit == nullptr) return context.console().text(Sentence::alert_ask_colleagues);
  if (!lines_now(unit->unit, sealing::UnitDuty::duty_officer, session.hello().server_ms).empty())
    return describe_on_duty(session, unit->unit);
  return context.console().text(Sentence::alert_ask_unit,
                                {{"unit", describe_asked(context, alert)}});
}

void print_hearing_alert(CommandContext& context, const VerifiedAlert& verified) {
  Console& console = context.console();
  const sealing::HearingAlert& alert = *verified.hearing;
  const auto time_of = [&](Milliseconds ms) { return format_time(ms, console.language()); };
  console.say(Sentence::hearing_alert,
              {{"time", time_of(verified.server_ms)},
               {"hearing", encoding::encode_hex(alert.hearing).substr(0, 8)},
               {"start", time_of(alert.start_ms)},
               {"count", std::to_string(alert.count)}});
  if (!verified.is_proven) console.say(Sentence::alert_not_proven);
}

nlohmann::ordered_json hearing_alert_json(ClientSession& session, const VerifiedAlert& verified) {
  const sealing::HearingAlert& alert = *verified.hearing;
  nlohmann::ordered_json json{{"alert", "hearing_not_served"},
                              {"agency", encoding::encode_hex(alert.agency)},
                              {"hearing", encoding::encode_hex(alert.hearing)},
                              {"version", alert.version},
                              {"start_ms", alert.start_ms},
                              {"start", format_rfc3339(alert.start_ms)},
                              {"said_for_ms", alert.said_for_ms},
                              {"count", alert.count},
                              {"index", verified.index},
                              {"server_ms", verified.server_ms},
                              {"time", format_rfc3339(verified.server_ms)},
                              {"is_proven", verified.is_proven}};
  if (alert.unit.is_zero()) return json;
  json["unit"] = encoding::encode_hex(alert.unit);
  json["unit_name"] = session.directory().find_unit(alert.unit)->unit.name;
  return json;
}

void print_alert(CommandContext& context, const VerifiedAlert& verified) {
  if (verified.hearing) return print_hearing_alert(context, verified);
  if (verified.silence) return print_silence_alert(context, verified);
  Console& console = context.console();
  const Alert& alert = verified.alert;
  sealing::TaskSlot slot;
  slot.state = alert.state;
  const std::string task = short_id(alert.task);
  console.say(Sentence::alert_line, {{"time", format_time(verified.server_ms, console.language())},
                                     {"task", task},
                                     {"who", describe_asked(context, alert)},
                                     {"due", format_time(alert.due_ms, console.language())},
                                     {"state", state_word(console, slot)}});
  if (!verified.is_proven) console.say(Sentence::alert_not_proven);
  console.say(Sentence::alert_ask, {{"who", describe_whom_to_ask(context, alert)}, {"task", task}});
}

}  // namespace

nlohmann::ordered_json alert_json(ClientSession& session, const VerifiedAlert& verified) {
  if (verified.hearing) return hearing_alert_json(session, verified);
  if (verified.silence) return silence_alert_json(session, verified);
  const Alert& alert = verified.alert;
  nlohmann::ordered_json json{{"alert", "escalated"},
                              {"agency", encoding::encode_hex(alert.agency)},
                              {"task", encoding::encode_hex(alert.task)},
                              {"slot", alert.slot},
                              {"due_ms", alert.due_ms},
                              {"due", format_rfc3339(alert.due_ms)},
                              {"state", sealing::name_of(alert.state)},
                              {"said_for_ms", alert.said_for_ms},
                              {"minutes", alert.minutes},
                              {"index", verified.index},
                              {"server_ms", verified.server_ms},
                              {"time", format_rfc3339(verified.server_ms)},
                              {"is_proven", verified.is_proven}};
  if (alert.unit.is_zero()) return json;
  json["unit"] = encoding::encode_hex(alert.unit);
  json["unit_name"] = session.directory().find_unit(alert.unit)->unit.name;
  return json;
}

Result<std::size_t> show_alerts(CommandContext& context, bool all) {
  ClientSession& session = context.session();
  AlertTable& table = session.store().alerts();
  Result<std::vector<VerifiedAlert>> alerts =
      AlertReader(session).read(all ? 0 : table.shown_index());
  if (!alerts) return alerts.error();
  const bool is_for_a_person = !context.console().is_json();
  for (const VerifiedAlert& alert : *alerts) {
    print_alert(context, alert);
    context.console().object(alert_json(session, alert));
    if (is_for_a_person && alert.is_proven) table.put_shown_index(alert.index);
  }
  return alerts->size();
}

}  // namespace oberih::client
