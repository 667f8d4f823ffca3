// SPDX-License-Identifier: Apache-2.0
// Who countersigns from now on: the witnesses in force, with some gone and some come.
#pragma once

#include <string>
#include <vector>

#include "protocol/sealing/directory.hpp"

namespace oberih::client {

struct WitnessWishes {
  std::vector<std::string> added;    // paths of cards
  std::vector<std::string> removed;  // names
  std::vector<std::string> needed;   // "2:police,court"; none: the quorum stays
};

/// Fills in witnesses and quorum. Refusals: usage (what a wish lacks, a quorum that these witnesses
/// cannot reach), not_found (a name that is no witness's, a card of an agency unknown).
Result<> change_witnesses(const sealing::Directory& directory, const WitnessWishes& wishes,
                          sealing::Governance& governance);

}  // namespace oberih::client
