// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/excuses_view.hpp"

#include "client-cli/commands/change_view.hpp"
#include "client-cli/commands/unit_view.hpp"

namespace oberih::client {
namespace {

std::vector<const sealing::OutOfService*> excuses_of(const ClientSession& session,
                                                     const AgencyId& agency,
                                                     Milliseconds since_ms) {
  std::vector<const sealing::OutOfService*> excuses;
  for (const sealing::OutOfServiceInForce* each : session.directory().out_of_service_of(agency)) {
    const sealing::OutOfService& interval = each->interval;
    if (!interval.is_withdrawn && (interval.to_ms == 0 || interval.to_ms > since_ms))
      excuses.push_back(&interval);
  }
  return excuses;
}

}  // namespace

void say_excuses(CommandContext& context, const AgencyId& agency, Milliseconds since_ms) {
  Console& console = context.console();
  const ClientSession& session = context.session();
  for (const sealing::OutOfService* each : excuses_of(session, agency, since_ms))
    console.say(Sentence::excuse, {{"agency", agency_name(session.directory(), agency)},
                                   {"from", describe_from(console, each->from_ms)},
                                   {"to", describe_to(console, each->to_ms)},
                                   {"why", console.text(word_of(each->reason))}});
}

nlohmann::ordered_json excuses_json(const ClientSession& session, const AgencyId& agency,
                                    Milliseconds since_ms) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const sealing::OutOfService* each : excuses_of(session, agency, since_ms))
    list.push_back({{"from_ms", each->from_ms},
                    {"to_ms", each->to_ms},
                    {"reason", sealing::name_of(each->reason)}});
  return list;
}

}  // namespace oberih::client
