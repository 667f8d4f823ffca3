// SPDX-License-Identifier: Apache-2.0
// Which unit a person means, who its people are in words, and when.
#pragma once

#include "client-cli/commands/command_context.hpp"

namespace oberih::client {

/// A unit by its name, or by the first digits of its id (eight at least); where several bear the
/// name, the own agency's. Refusals: not_found, usage when several are meant.
Result<const sealing::UnitInForce*> find_unit(ClientSession& session, const std::string& text);
/// One's own agency's only: what can be changed. Refusals as above.
Result<const sealing::UnitInForce*> find_own_unit(ClientSession& session, const std::string& text);

/// The agency of this device; zero where the directory does not know it.
AgencyId own_agency(const ClientSession& session);
/// The name where a card is visible; else role and first digits of the id. Safe for a terminal.
std::string describe_person(ClientSession& session, const PersonId& person);
/// The visible name alone.
std::optional<std::string> find_name_of_person(ClientSession& session, const PersonId& person);
/// By the server's clock where it is known.
Milliseconds now_ms(const ClientSession& session);

/// `--from` and `--to`: a moment in Kyiv, a day alone (from its beginning, to its end), or nothing.
/// Refusal: usage.
Result<Milliseconds> read_from(const std::string& option, const std::string& text,
                               Milliseconds otherwise);
Result<Milliseconds> read_to(const std::string& option, const std::string& text);
/// `Thu 26.11.2026 10:00:00`, or the words for no beginning and no end.
std::string describe_from(const Console& console, Milliseconds from_ms);
std::string describe_to(const Console& console, Milliseconds to_ms);

}  // namespace oberih::client
