// SPDX-License-Identifier: Apache-2.0
// Of client_session.hpp: proofs of leaves that others signed and that stand in no channel's chain.
#include <algorithm>

#include "client-cli/verification/client_session.hpp"

namespace oberih::client {
namespace {

constexpr std::chrono::milliseconds checkpoint_promise{2'000};
constexpr std::chrono::milliseconds between_looks{200};

}  // namespace

Result<std::uint64_t> ClientSession::prove(std::span<const PlacedLeaf> leaves) {
  const auto until = std::chrono::steady_clock::now() + checkpoint_promise;
  const auto is_covered = [&] {
    return std::all_of(leaves.begin(), leaves.end(), [&](const PlacedLeaf& leaf) {
      return leaf.index < directory_.accepted_size();
    });
  };
  while (!is_covered()) {
    OBERIH_TRY(connect());
    OBERIH_TRY(read_checkpoint());
    if (is_covered() || std::chrono::steady_clock::now() > until || !wait(between_looks)) break;
  }
  OBERIH_TRY(guard_.prove_covered(leaves));
  const std::optional<StoredCheckpoint> head = directory_.newest_checkpoint();
  return head ? head->size : 0;
}

}  // namespace oberih::client
