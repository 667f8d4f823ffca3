// SPDX-License-Identifier: Apache-2.0
// policies/calendar.json and policies/deadlines.json: from text to the values that are computed
// with. What is wrong is said with its place, and refuses the file whole.
#pragma once

#include "server/domain/deadline_policy.hpp"
#include "server/runtime/policy_document.hpp"

namespace oberih::runtime {

Result<domain::WorkCalendar> parse_calendar(const PolicyText& policy);
Result<domain::DeadlinePolicy> parse_deadlines(const PolicyText& policy);

/// `2027-03-04`; nothing for anything else, also for a day that no calendar has.
std::optional<CivilDate> parse_civil_date(std::string_view text);
/// `09:30`, up to `24:00`, in minutes of the day.
std::optional<unsigned> parse_clock_minute(std::string_view text);

}  // namespace oberih::runtime
