// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/directory_checkpoint.hpp"

namespace oberih::sealing {

Result<journal::Checkpoint> open_checkpoint(std::string_view note, const Directory& directory) {
  Result<journal::Checkpoint> unverified = journal::read_unverified_checkpoint(note);
  if (!unverified) return unverified;
  return journal::open_checkpoint(note, {directory.origin(), journal::NoteKeyType::ed25519,
                                         directory.journal_key_at(unverified->size)});
}

const GovernanceStep* find_continuation(const Directory& directory, std::uint64_t size,
                                        const Digest& root) {
  for (const GovernanceStep& step : directory.governance_history()) {
    const Governance& governance = step.governance;
    if (governance.change == GovernanceChange::continuation &&
        governance.continuation.old_size == size && governance.continuation.old_root == root)
      return &step;
  }
  return nullptr;
}

bool is_in_lost_tail(const Directory& directory, std::uint64_t size) {
  for (const GovernanceStep& step : directory.governance_history())
    if (step.governance.change == GovernanceChange::continuation &&
        step.governance.continuation.new_size < size &&
        size <= step.governance.continuation.old_size)
      return true;
  return false;
}

}  // namespace oberih::sealing
