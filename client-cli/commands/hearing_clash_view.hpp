// SPDX-License-Identifier: Apache-2.0
// Before a hearing is scheduled or moved: whom or what it would take from another hearing of the
// same court, as far as this device knows them.
#pragma once

#include "client-cli/commands/hearing_search.hpp"

namespace oberih::client {

/// Shows the clashes and asks, or does not ask where `is_despite`. INVARIANT: what is new has been
/// read. Refusal: hearings_clash.
Result<> ask_about_clashes(CommandContext& context, const sealing::HearingFacts& facts,
                           bool is_despite);

}  // namespace oberih::client
