// SPDX-License-Identifier: Apache-2.0
// The chains inside the journal: channel_seq without gaps and prev_leaf, for every channel and for
// the directory (channel id zero). A leaf changed together with its hash is betrayed by its
// successor.
#pragma once

#include <optional>
#include <unordered_map>

#include "protocol/journal/leaf.hpp"
#include "server/storage/check_report.hpp"

namespace oberih::storage {

class ChainChecker {
 public:
  explicit ChainChecker(CheckReport& report) : report_(report) {}
  /// Whether the leaf continues its chain. Goes on from the leaf as it is, so that one change is
  /// reported once and not for every later leaf.
  bool check(const journal::Leaf& leaf, std::uint64_t index, const Digest& leaf_hash);

 private:
  struct End {
    std::uint64_t index = 0;
    std::uint64_t channel_seq = 0;
    Digest leaf_hash;
  };
  CheckReport& report_;
  std::unordered_map<ChannelId, End, FixedBytesHash> ends_;
};

}  // namespace oberih::storage
