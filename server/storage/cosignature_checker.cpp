// SPDX-License-Identifier: Apache-2.0
#include "server/storage/cosignature_checker.hpp"

namespace oberih::storage {

void CosignatureChecker::check_all(const sealing::Directory& directory) {
  if (directory.is_empty()) return;  // without a genesis nobody is known; that is reported already
  for (const sealing::Witness& witness : directory.genesis().witnesses)
    witnesses_.emplace(witness.name, witness);
  for (const sealing::GovernanceStep& step : directory.governance_history())
    if (step.governance.change == sealing::GovernanceChange::witnesses)
      for (const sealing::Witness& witness : step.governance.witnesses)
        witnesses_.emplace(witness.name, witness);
  cursor_.walk_cosignatures([this](const application::StoredCosignature& stored,
                                   const std::string& note) { check(stored, note); });
}

void CosignatureChecker::check(const application::StoredCosignature& stored,
                               const std::string& note) {
  ++report_.cosignatures;
  const std::string what =
      "The cosignature of " + stored.witness + " for size " + std::to_string(stored.size);
  const auto [first, last] = witnesses_.equal_range(stored.witness);
  if (first == last)
    return report_.add(std::nullopt, what + " is of nobody whom the directory names as a witness.");
  for (auto each = first; each != last; ++each) {
    const auto taken = sealing::take_witness_line(note, stored.line, each->second);
    if (!taken || taken->line != stored.line) continue;
    if (taken->cosigned_s != stored.cosigned_s)
      report_.add(std::nullopt, what + " has another time in its column than in its line.");
    return;
  }
  report_.add(std::nullopt, what + " does not verify: it or the note was changed.");
}

}  // namespace oberih::storage
