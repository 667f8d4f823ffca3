// SPDX-License-Identifier: Apache-2.0
// How a leaf that does not hold is named: its index, kind, channel and sequence, and the rule.
#pragma once

#include <string>

#include "protocol/base/result.hpp"
#include "protocol/journal/leaf.hpp"

namespace oberih::evidence {

/// `leaf 17 (entry, sequence 5, channel 3f2a91c0)`; nullptr: it cannot be read.
std::string leaf_in_words(std::uint64_t index, const journal::Leaf* leaf);
/// proof_invalid.
Refusal failed_leaf(std::uint64_t index, const journal::Leaf* leaf, const Refusal& refusal);

}  // namespace oberih::evidence
