// SPDX-License-Identifier: Apache-2.0
// A calendar for tests: Monday to Thursday 9 to 18, Friday 9 to 16:45, a few holidays, Kyiv's
// clock.
#pragma once

#include <stdexcept>

#include "server/domain/deadline_calendar.hpp"

namespace oberih::domain {

enum class MartialLaw { none, in_force };

inline CalendarRows kyiv_rows(MartialLaw martial_law) {
  CalendarRows rows;
  for (std::size_t day = 0; day < 4; ++day) rows.week[day] = WorkingHours{9 * 60, 18 * 60};
  rows.week[4] = WorkingHours{9 * 60, 16 * 60 + 45};
  const auto holiday = [&rows](const char* name, unsigned month, unsigned day) {
    rows.holidays.push_back({name, {}, month, day, 0, true, true});
  };
  holiday("New Year", 1, 1);
  holiday("Constitution Day", 6, 28);
  holiday("Christmas", 12, 25);
  rows.holidays.push_back({"Easter", {}, 0, 0, 0, true, true});
  rows.clock.push_back({day_number({1996, 5, 13}), 120, true});
  if (martial_law == MartialLaw::in_force)
    rows.martial_law.push_back({day_number({2022, 2, 24}), {}});
  return rows;
}

inline WorkCalendar made_calendar(CalendarRows rows) {
  auto made = WorkCalendar::make(std::move(rows));
  if (auto* fault = std::get_if<std::string>(&made)) throw std::runtime_error(*fault);
  return std::get<WorkCalendar>(std::move(made));
}

inline WorkCalendar kyiv(MartialLaw martial_law = MartialLaw::none) {
  return made_calendar(kyiv_rows(martial_law));
}

}  // namespace oberih::domain
