// SPDX-License-Identifier: Apache-2.0
// One run: a room, posters, followers, faults at times that the seed gives, and the judge.
#pragma once

#include "tests/faults/history_checker.hpp"
#include "tests/faults/scene.hpp"

namespace oberih::faults {

/// Never throws: what goes wrong is a violation. `folder` takes the ledgers.
Verdict run_faults(Ground& ground, const FaultRow& fault, std::uint64_t seed,
                   const std::filesystem::path& folder, const std::string& program);

/// `oberih-faults --post-as CREDENTIALS`: a poster that a fault may kill. The exit code.
int post_in_own_process(const std::filesystem::path& credentials);

}  // namespace oberih::faults
