// SPDX-License-Identifier: Apache-2.0
// What hearings want of this person: an answer to a summons, the Centre's word, an outcome.
#pragma once

#include <nlohmann/json.hpp>

#include "client-cli/commands/hearing_search.hpp"

namespace oberih::client {

/// A line of the inbox.
struct HearingNeed {
  bool is_pressing = false;
  Milliseconds time_ms = 0;        // by when
  std::vector<std::string> cells;  // as the inbox has columns
  nlohmann::ordered_json object;
};

std::vector<HearingNeed> needs_of_hearings(CommandContext& context, VerifiedChannel& channel);

}  // namespace oberih::client
