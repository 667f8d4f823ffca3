// SPDX-License-Identifier: Apache-2.0
// How long the journal may go on without its quorum of witnesses, and what happens then.
#pragma once

#include <cstdint>

namespace oberih::domain {

enum class UnwitnessedBehaviour { warn, read_only };

struct WitnessingPolicy {
  std::uint64_t limit_minutes = 240;
  UnwitnessedBehaviour behaviour = UnwitnessedBehaviour::warn;
};

}  // namespace oberih::domain
