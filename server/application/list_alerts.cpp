// SPDX-License-Identifier: Apache-2.0
#include "server/application/list_alerts.hpp"

#include <algorithm>

namespace oberih::application {
namespace {

bool has_supervisor(const sealing::Unit& unit, Milliseconds server_ms) {
  return std::any_of(unit.lines.begin(), unit.lines.end(), [&](const sealing::UnitLine& line) {
    return line.duty == sealing::UnitDuty::supervisor && line.is_in_force(server_ms);
  });
}

bool answers_for(const sealing::Unit& unit, const domain::Caller& caller, Milliseconds server_ms) {
  if (!has_supervisor(unit, server_ms)) return caller.role == Role::supervisor;
  const sealing::UnitStanding standing = sealing::standing_in(unit, caller.person, server_ms);
  return standing.is_supervisor || !standing.supervisor_by.empty();
}

}  // namespace

std::vector<UnitId> units_with_alerts_for(const sealing::Directory& directory,
                                          const domain::Caller& caller, Milliseconds server_ms) {
  std::vector<UnitId> units;
  if (caller.role == Role::supervisor) units.push_back({});
  for (const sealing::UnitInForce* each : directory.units_of(caller.agency))
    if (answers_for(each->unit, caller, server_ms)) units.push_back(each->unit.unit);
  return units;
}

void list_alerts(const Services& services, const domain::Caller& caller,
                 const wire::AlertList& request, Answer<wire::AlertPage> done) {
  if (auto may = authorize(services, caller, domain::Action::alert_list, {{}, caller.agency}); !may)
    return done(may.error());
  const std::shared_ptr<const sealing::Directory> directory = services.view.directory();
  std::vector<UnitId> units = units_with_alerts_for(*directory, caller, rule_time_ms(services));
  if (units.empty()) return done(wire::AlertPage{{}, false, directory->count()});
  services.reader.read_alerts(caller.origin(), caller.agency, std::move(units), request.after_index,
                              request.limit, std::move(done));
}

}  // namespace oberih::application
