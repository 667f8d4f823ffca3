// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/task_parties.hpp"

#include <algorithm>
#include <set>

#include "client-cli/commands/device_search.hpp"
#include "client-cli/commands/id_digits.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

using sealing::TaskParty;
using sealing::TaskPartyKind;
using sealing::UnitInForce;

AgencyId agency_of_device(const ClientSession& session) {
  const sealing::Device* own = session.directory().find_device(session.ring().device);
  return own == nullptr ? AgencyId{} : own->certificate.agency;
}

Milliseconds time_ms(const ClientSession& session) {
  return session.hello().server_ms ? session.hello().server_ms : wall_clock_ms();
}

std::vector<const UnitInForce*> find_units(const ClientSession& session, const std::string& text) {
  const std::optional<std::string> name = encoding::to_nfc(text);
  std::vector<const UnitInForce*> found, own;
  for (const UnitInForce* each : session.directory().units()) {
    const bool is_meant =
        (name && each->unit.name == *name) ||
        (are_digits(text) && encoding::encode_hex(each->unit.unit).starts_with(text));
    if (!is_meant) continue;
    found.push_back(each);
    if (each->unit.agency == agency_of_device(session)) own.push_back(each);
  }
  return found.size() > 1 && own.size() == 1 ? own : found;
}

sealing::UnitStanding standing_of(const ClientSession& session, const UnitInForce& unit) {
  return sealing::standing_in(unit.unit, own_person(session), time_ms(session));
}

bool may_act_for(const ClientSession& session, const UnitInForce& unit) {
  const sealing::UnitStanding standing = standing_of(session, unit);
  return standing.may_act_for({}) || !standing.deputy_for.empty();
}

std::optional<DeviceId> device_of(const ClientSession& session, const PersonId& person) {
  std::optional<DeviceId> found;
  for (const auto& [id, device] : session.directory().devices())
    if (device.certificate.person == person) found = id;
  return found;
}

}  // namespace

PersonId own_person(const ClientSession& session) {
  const sealing::Device* own = session.directory().find_device(session.ring().device);
  return own == nullptr ? PersonId{} : own->certificate.person;
}

Result<TaskParty> find_unit_party(ClientSession& session, const std::string& text) {
  const std::vector<const UnitInForce*> found = find_units(session, text);
  if (found.empty()) return refuse(RefusalCode::not_found, "no unit '" + text + "' is known");
  if (found.size() > 1)
    return refuse(RefusalCode::usage, "'" + text + "' means several units; give the id");
  return TaskParty::of(found.front()->unit.agency, found.front()->unit.unit);
}

Result<TaskParty> find_person_party(ClientSession& session, const std::string& text) {
  Result<PersonId> person = find_person(session, text);
  if (!person) return person.error();
  return TaskParty::of(session.directory().agency_of_person(*person), *person);
}

Result<TaskParty> choose_requester(ClientSession& session, const std::string& unit) {
  if (!unit.empty()) return find_unit_party(session, unit);
  const AgencyId agency = agency_of_device(session);
  std::vector<const UnitInForce*> units = session.directory().units_of(agency);
  std::erase_if(units, [&](const UnitInForce* each) { return !may_act_for(session, *each); });
  if (units.empty()) return TaskParty::of(agency, own_person(session));
  if (units.size() > 1)
    return refuse(RefusalCode::usage,
                  "you are of several units; name the one that asks with --as-unit");
  return TaskParty::of(agency, units.front()->unit.unit);
}

std::vector<PersonId> stood_in_for(const ClientSession& session) {
  std::set<PersonId> people;
  for (const UnitInForce* unit : session.directory().units_of(agency_of_device(session)))
    for (const PersonId& person : standing_of(session, *unit).deputy_for) people.insert(person);
  return {people.begin(), people.end()};
}

bool is_ones_own(const ClientSession& session, const TaskParty& party) {
  if (party.kind == TaskPartyKind::person) {
    if (party.person() == own_person(session)) return true;
    const std::vector<PersonId> others = stood_in_for(session);
    return std::find(others.begin(), others.end(), party.person()) != others.end();
  }
  const UnitInForce* unit = session.directory().find_unit(party.unit());
  return unit != nullptr && may_act_for(session, *unit);
}

std::string describe_holder(ClientSession& session, const PersonId& person) {
  const std::optional<DeviceId> device = device_of(session, person);
  return device ? describe_device(session.verified_directory(), *device)
                : encoding::encode_hex(person).substr(0, fewest_digits);
}

std::string describe_party(ClientSession& session, const TaskParty& party) {
  if (party.kind == TaskPartyKind::person) return describe_holder(session, party.person());
  const UnitInForce* unit = session.directory().find_unit(party.unit());
  const std::string name = unit == nullptr
                               ? encoding::encode_hex(party.unit()).substr(0, fewest_digits)
                               : encoding::printable(unit->unit.name);
  const sealing::Agency* agency = session.directory().find_agency(party.agency);
  return agency == nullptr ? name : name + " (" + std::string(name_of(agency->kind)) + ")";
}

std::string describe_author(CommandContext& context, const DeviceId& author,
                            const PersonId& acting_for) {
  ClientSession& session = context.session();
  const std::string name = describe_device(session.verified_directory(), author);
  if (acting_for.is_zero()) return name;
  return context.console().text(Sentence::task_acting_for,
                                {{"who", name}, {"for", describe_holder(session, acting_for)}});
}

}  // namespace oberih::client
