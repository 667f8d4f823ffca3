// SPDX-License-Identifier: Apache-2.0
// Whom an entry might be passed on to: one agency, or one person.
#pragma once

#include "client-cli/verification/client_session.hpp"
#include "protocol/sealing/entry_facts.hpp"

namespace oberih::client {

/// An agency by its name or eight digits of its id, else a person as find_person does. Refusals:
/// not_found, usage where several are meant.
Result<sealing::Admitted> find_admitted(ClientSession& session, const std::string& text);

/// Safe for a terminal.
std::string describe_admitted(ClientSession& session, const sealing::Admitted& admitted);

}  // namespace oberih::client
