// SPDX-License-Identifier: Apache-2.0
// Changes of a unit's list as an administrator means them. Pure. What comes out is a list that the
// directory takes: in order, nothing said twice, nobody's deputy, nothing that is over.
#pragma once

#include "protocol/sealing/unit.hpp"

namespace oberih::client {

/// Whether the list names the person otherwise than as a deputy, at any time.
bool is_of_unit(const std::vector<sealing::UnitLine>& lines, const PersonId& person);
/// One that says the same of a time that touches it becomes one line with it.
void put_line(std::vector<sealing::UnitLine>& lines, const sealing::UnitLine& line);
/// Ends at `now_ms` what the person is by this duty; what has not begun never was.
void end_duty(std::vector<sealing::UnitLine>& lines, const PersonId& person, sealing::UnitDuty duty,
              Milliseconds now_ms);
/// All lines of the person, and of whoever stands in for them.
void remove_person(std::vector<sealing::UnitLine>& lines, const PersonId& person);
/// Drops what is over and deputies of nobody, and puts the rest in order.
void tidy(std::vector<sealing::UnitLine>& lines, Milliseconds now_ms);

}  // namespace oberih::client
