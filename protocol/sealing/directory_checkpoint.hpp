// SPDX-License-Identifier: Apache-2.0
// Opening a checkpoint with the journal key that the directory names for its size.
#pragma once

#include "protocol/journal/checkpoint.hpp"
#include "protocol/sealing/directory.hpp"

namespace oberih::sealing {

/// The key in force for a journal of that size must have signed it: a key that was replaced signs
/// for nothing that came after it. Refusals: those of journal::open_checkpoint.
/// INVARIANT: the directory is not empty.
Result<journal::Checkpoint> open_checkpoint(std::string_view note, const Directory& directory);

/// The continuation leaf that gave this checkpoint up, where there is one.
const GovernanceStep* find_continuation(const Directory& directory, std::uint64_t size,
                                        const Digest& root);

/// Whether a checkpoint of that size may be one of a tail that was given up.
bool is_in_lost_tail(const Directory& directory, std::uint64_t size);

}  // namespace oberih::sealing
