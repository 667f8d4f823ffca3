// SPDX-License-Identifier: Apache-2.0
// Units and people as those who work with tasks name them, and how they are shown.
#pragma once

#include "client-cli/commands/command_context.hpp"
#include "protocol/sealing/task.hpp"

namespace oberih::client {

/// A unit by its name or the first digits of its id; where several bear the name, the own agency's.
/// Refusals: not_found, usage when several are meant.
Result<sealing::TaskParty> find_unit_party(ClientSession& session, const std::string& text);
/// Refusals: those of find_person.
Result<sealing::TaskParty> find_person_party(ClientSession& session, const std::string& text);

/// In whose name this device asks: the unit that is named; else the one unit it may act for; else
/// its person. Refusal: usage where several units are meant.
Result<sealing::TaskParty> choose_requester(ClientSession& session, const std::string& unit);

/// Whom this device's person stands in for now, as deputy in any unit of their agency.
std::vector<PersonId> stood_in_for(const ClientSession& session);
PersonId own_person(const ClientSession& session);
/// `party` is this person, someone stood in for, or a unit that this person may act for.
bool is_ones_own(const ClientSession& session, const sealing::TaskParty& party);

/// `Управління Чернівці (prosecution)`, `Олена Коваль (police)`: safe for a terminal.
std::string describe_party(ClientSession& session, const sealing::TaskParty& party);
std::string describe_holder(ClientSession& session, const PersonId& person);
/// `Олена Коваль for Петро Бондар`, where they stand in for somebody.
std::string describe_author(CommandContext& context, const DeviceId& author,
                            const PersonId& acting_for);

}  // namespace oberih::client
