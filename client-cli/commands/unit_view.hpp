// SPDX-License-Identifier: Apache-2.0
// Units as a person or a program sees them.
#pragma once

#include "client-cli/commands/change_view.hpp"
#include "client-cli/commands/unit_search.hpp"

namespace oberih::client {

nlohmann::ordered_json unit_json(ClientSession& session, const sealing::UnitInForce& unit);
/// Head and lines; the names must have been read.
void show_unit(CommandContext& context, const sealing::UnitInForce& unit);

/// Duty officers of the moment, in words, by comma; a dash where nobody is on duty.
std::string describe_on_duty(ClientSession& session, const sealing::Unit& unit);
/// Those whose line with this duty is in force.
std::vector<const sealing::UnitLine*> lines_now(const sealing::Unit& unit, sealing::UnitDuty duty,
                                                Milliseconds now_ms);
/// `since Thu 26.11.2026 10:00:00, blackout`, or nothing where the agency is in service now.
std::string describe_out_of_service_now(CommandContext& context, const AgencyId& agency);
Sentence word_of(sealing::OutOfServiceReason reason);

}  // namespace oberih::client
