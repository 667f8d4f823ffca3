// SPDX-License-Identifier: Apache-2.0
// How people stand to units, to each other and to the roster, at one place of the journal: what the
// rules of tasks ask. Everybody who judges the same place gets the same answers.
#pragma once

#include <optional>

#include "protocol/base/ids.hpp"

namespace oberih::sealing {

class TaskActors {
 public:
  virtual ~TaskActors() = default;

  /// Of a unit in force; nothing: there is none.
  virtual std::optional<AgencyId> agency_of(const UnitId& unit) const = 0;
  /// Of a person with an active device on the roster; nothing: there is none.
  virtual std::optional<AgencyId> agency_of(const PersonId& person) const = 0;
  /// Whether one of the unit's people has an active device on the roster.
  virtual bool has_people_on_roster(const UnitId& unit) const = 0;

  /// `stands_for` zero: as oneself (member, supervisor, duty officer); else as that one's deputy.
  virtual bool may_act_for(const UnitId& unit, const PersonId& person,
                           const PersonId& stands_for) const = 0;
  /// The same for what a supervisor alone may do.
  virtual bool may_supervise(const UnitId& unit, const PersonId& person,
                             const PersonId& stands_for) const = 0;
  /// Of a unit in which `other` is.
  virtual bool may_supervise(const PersonId& other, const PersonId& person,
                             const PersonId& stands_for) const = 0;
  /// In any unit of their agency.
  virtual bool is_deputy_of(const PersonId& person, const PersonId& other) const = 0;
};

}  // namespace oberih::sealing
