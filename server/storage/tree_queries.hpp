// SPDX-License-Identifier: Apache-2.0
// The tree as a reader thread answers for it: tiles, bundles of leaves, proofs; from the stored
// leaf hashes and the roots of full tiles that all reader threads share.
#pragma once

#include <memory>
#include <vector>

#include "server/application/journal_tree.hpp"
#include "server/storage/database_session.hpp"

namespace oberih::storage {

class TreeQueries {
 public:
  TreeQueries(DatabaseSession& session, application::TileRoots& roots);
  ~TreeQueries();
  TreeQueries(const TreeQueries&) = delete;
  TreeQueries& operator=(const TreeQueries&) = delete;

  /// A tile or a bundle, encoded. Throws soci::soci_error; DatabaseError where leaves are missing.
  Bytes load_tile(std::uint64_t tree_size, const journal::TileAddress& tile);
  std::vector<journal::ProofPath> load_proofs(const std::vector<application::ProofWish>& wishes);

 private:
  class RangeStatement;  // prepared, with the variables bound to it

  std::vector<Digest> load_leaf_hashes(std::uint64_t begin, std::uint64_t end);
  Bytes load_bundle(const journal::TileAddress& tile);

  application::TileRoots& roots_;
  std::unique_ptr<RangeStatement> hashes_, leaves_;
};

}  // namespace oberih::storage
