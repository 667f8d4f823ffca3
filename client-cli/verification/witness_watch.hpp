// SPDX-License-Identifier: Apache-2.0
// Which witnesses stand behind the journal as this device knows it. A cosignature is worth nothing
// before the checkpoint lies on our own tree; the quorum is judged by the directory in force.
#pragma once

#include "client-cli/verification/tree_guard.hpp"
#include "protocol/sealing/witness_quorum.hpp"

namespace oberih::client {

/// The newest checkpoint that a quorum has countersigned and that lies on our tree.
struct WitnessedHead {
  std::uint64_t size = 0;
  Milliseconds since_ms = 0;       // by the witnesses' clocks
  std::vector<std::string> names;  // whose cosignatures count
};

class WitnessWatch {
 public:
  WitnessWatch(LocalStore& store, VerifiedDirectory& directory, TreeGuard& guard,
               std::filesystem::path profile_folder)
      : store_(store),
        directory_(directory),
        guard_(guard),
        profile_folder_(std::move(profile_folder)) {}

  /// Of any checkpoint that has been accepted, or is older than that. Without a quorum nothing is
  /// kept. verification_failed with evidence: a known witness's cosignature fails, or the
  /// checkpoint lies on another tree; or what the source of proofs says.
  Result<> take(const std::string& note);
  /// As the directory in force judges it.
  std::optional<WitnessedHead> newest();

 private:
  LocalStore& store_;
  VerifiedDirectory& directory_;
  TreeGuard& guard_;
  std::filesystem::path profile_folder_;
};

}  // namespace oberih::client
