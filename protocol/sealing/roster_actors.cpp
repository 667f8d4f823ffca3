// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/roster_actors.hpp"

#include <algorithm>

namespace oberih::sealing {

const std::map<PersonId, AgencyId>& RosterActors::present() const {
  if (present_) return *present_;
  present_.emplace();
  for (const RosterLine& line : state_.roster()) {
    const Device* device = directory_.find_device(line.device);
    if (device == nullptr || state_.has_left(device->certificate.person)) continue;
    const bool is_over = line.ends_ms != 0 && line.ends_ms <= place_.server_ms;
    if (is_over || !directory_.is_active(line.device, place_.index, place_.server_ms)) continue;
    present_->emplace(device->certificate.person, device->certificate.agency);
  }
  return *present_;
}

const Unit* RosterActors::find_unit(const UnitId& unit) const {
  const UnitInForce* found = directory_.find_unit_at(unit, place_.index);
  return found == nullptr ? nullptr : &found->unit;
}

std::optional<AgencyId> RosterActors::agency_of(const UnitId& unit) const {
  const Unit* found = find_unit(unit);
  if (found == nullptr) return std::nullopt;
  return found->agency;
}

std::optional<AgencyId> RosterActors::agency_of(const PersonId& person) const {
  const auto found = present().find(person);
  if (found == present().end()) return std::nullopt;
  return found->second;
}

bool RosterActors::has_people_on_roster(const UnitId& unit) const {
  const Unit* found = find_unit(unit);
  return found != nullptr &&
         std::any_of(found->lines.begin(), found->lines.end(), [&](const UnitLine& line) {
           return line.is_in_force(place_.server_ms) && present().contains(line.person);
         });
}

bool RosterActors::may_act_for(const UnitId& unit, const PersonId& person,
                               const PersonId& stands_for) const {
  const Unit* found = find_unit(unit);
  return found != nullptr && standing_in(*found, person, place_.server_ms).may_act_for(stands_for);
}

bool RosterActors::may_supervise(const UnitId& unit, const PersonId& person,
                                 const PersonId& stands_for) const {
  const Unit* found = find_unit(unit);
  return found != nullptr &&
         standing_in(*found, person, place_.server_ms).may_supervise_for(stands_for);
}

template <class Question>
bool RosterActors::any_unit_of(const PersonId& person, Question question) const {
  const AgencyId agency = directory_.agency_of_person(person);
  for (const UnitInForce* newest : directory_.units_of(agency)) {
    // As it was at the place, whatever it is by now.
    const Unit* unit = find_unit(newest->unit.unit);
    if (unit != nullptr && question(*unit)) return true;
  }
  return false;
}

bool RosterActors::may_supervise(const PersonId& other, const PersonId& person,
                                 const PersonId& stands_for) const {
  return any_unit_of(other, [&](const Unit& unit) {
    return standing_in(unit, other, place_.server_ms).is_of_unit() &&
           standing_in(unit, person, place_.server_ms).may_supervise_for(stands_for);
  });
}

bool RosterActors::is_deputy_of(const PersonId& person, const PersonId& other) const {
  return any_unit_of(other, [&](const Unit& unit) {
    const UnitStanding standing = standing_in(unit, person, place_.server_ms);
    return std::binary_search(standing.deputy_for.begin(), standing.deputy_for.end(), other);
  });
}

}  // namespace oberih::sealing
