// SPDX-License-Identifier: Apache-2.0
// The whole run: a deployment, honest people at work, connection after connection of garbage, and
// the judgement.
#pragma once

#include <functional>
#include <iosfwd>

#include "tests/garbage/tally.hpp"

namespace oberih::garbage {

struct CampaignWish {
  std::uint64_t seed = 1;
  std::uint64_t connections = 400;         // 0: no bound but the time
  std::chrono::minutes time{0};            // 0: no bound but the number
  std::optional<std::uint64_t> only = {};  // one connection, by its own seed
  std::size_t at_once = 16;
};

/// Seeds of connections are `seed * seeds_apart + number`.
inline constexpr std::uint64_t seeds_apart = 100'000'000;

/// Everything that is wrong, one sentence each. `out` takes progress and the table. `disturbance`
/// is called once, when a third of the connections are over (by the control, which kills a server).
std::vector<std::string> run_campaign(const CampaignWish& wish, std::ostream& out,
                                      const std::function<void(faults::Ground&)>& disturbance = {});

}  // namespace oberih::garbage
