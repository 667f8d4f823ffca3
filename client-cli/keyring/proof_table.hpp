// SPDX-License-Identifier: Apache-2.0
// What of the journal's tree has been proven to this device: its own leaves, the roots that others
// quoted, how much of the directory. It stores; verification/ decides.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client-cli/keyring/sqlite_database.hpp"
#include "protocol/base/ids.hpp"
#include "protocol/base/timestamp.hpp"

namespace oberih::client {

struct OwnLeaf {
  std::uint64_t index = 0;  // journal
  Digest leaf_hash;
  Milliseconds since_ms = 0;  // by our clock: when the server confirmed it, or showed it
};

class ProofTable {
 public:
  explicit ProofTable(SqliteDatabase& database) : database_(database) {}

  /// An entry or record of this device that the server says is in the journal. False: it has said
  /// so of another leaf at this place.
  [[nodiscard]] bool await(const OwnLeaf& leaf);
  /// Not proven yet and below `index`, ascending, at most `limit`.
  std::vector<OwnLeaf> awaited_below(std::uint64_t index, std::uint64_t limit);
  /// The one that has waited longest.
  std::optional<OwnLeaf> oldest_awaited();
  void mark_proven(std::uint64_t index);

  /// A root that somebody quoted, and that lies on our tree.
  void add_proven_root(std::uint64_t size, const Digest& root);
  std::optional<Digest> proven_root(std::uint64_t size);

  /// So many leaves of the directory stand in the tree.
  std::uint64_t proven_directory();
  void put_proven_directory(std::uint64_t count);

  /// The newest note with a quorum of witnesses that was verified.
  std::optional<std::string> witnessed_note();
  void put_witnessed_note(const std::string& note);

 private:
  SqliteDatabase& database_;
};

}  // namespace oberih::client
