// SPDX-License-Identifier: Apache-2.0
// TaskActors as directory and roster say: units as they were in force at the place, people with an
// active device on the roster there.
#pragma once

#include <map>

#include "protocol/sealing/channel_state.hpp"
#include "protocol/sealing/task_actors.hpp"

namespace oberih::sealing {

class RosterActors final : public TaskActors {
 public:
  /// Lives no longer than the two; what it is asked of the roster it looks up once.
  RosterActors(const ChannelState& state, const Directory& directory, const Place& place)
      : state_(state), directory_(directory), place_(place) {}

  std::optional<AgencyId> agency_of(const UnitId& unit) const override;
  std::optional<AgencyId> agency_of(const PersonId& person) const override;
  bool has_people_on_roster(const UnitId& unit) const override;
  bool may_act_for(const UnitId& unit, const PersonId& person,
                   const PersonId& stands_for) const override;
  bool may_supervise(const UnitId& unit, const PersonId& person,
                     const PersonId& stands_for) const override;
  bool may_supervise(const PersonId& other, const PersonId& person,
                     const PersonId& stands_for) const override;
  bool is_deputy_of(const PersonId& person, const PersonId& other) const override;

  /// The people with an active device on the roster, who have not left, with their agencies.
  const std::map<PersonId, AgencyId>& present() const;

 private:
  const Unit* find_unit(const UnitId& unit) const;
  /// Whether it is true of a unit in force of the person's agency.
  template <class Question>
  bool any_unit_of(const PersonId& person, Question question) const;

  const ChannelState& state_;
  const Directory& directory_;
  Place place_;
  mutable std::optional<std::map<PersonId, AgencyId>> present_;
};

}  // namespace oberih::sealing
