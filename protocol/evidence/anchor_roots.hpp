// SPDX-License-Identifier: Apache-2.0
// Roots of the journal as it was, at the sizes that time-stamps name: what a selection carries so
// that its tokens can be compared, how that is made, and how it is checked. Of a whole journal they
// are computed from its leaves. Bytes: docs/protocol.md, section 25.
#pragma once

#include <deque>
#include <set>

#include "protocol/evidence/journal_replay.hpp"
#include "protocol/journal/checkpoint.hpp"
#include "protocol/journal/proof.hpp"
#include "protocol/sealing/anchor_leaf.hpp"

namespace oberih::evidence {

/// A root, and that the tree of the checkpoint grew out of that tree.
struct ProvenRoot {
  std::uint64_t size = 0;
  Digest root;
  journal::ProofPath path;
};
Bytes encode_proven_root(const ProvenRoot& proven);  // at most 255 hashes
/// Refusal: proof_invalid.
Result<ProvenRoot> read_proven_root(ExportStream& stream);

/// Which tokens a selection shows: for each leaf of a channel that it shows the first one behind
/// it. They say the most; all others say less.
class AnchorChoice {
 public:
  /// Ascending.
  void note_shown(std::uint64_t index) { undated_.push_back(index); }
  bool takes(const sealing::AnchorLeaf& anchor);
  const std::set<std::uint64_t>& sizes() const { return sizes_; }  // of those taken

 private:
  std::deque<std::uint64_t> undated_;
  std::set<std::uint64_t> sizes_;
};

/// Proves roots of a journal that lies in bundles. Keeps two hashes for each 256 leaves.
class RootProver {
 public:
  /// REQUIRES: `whole` stays.
  explicit RootProver(const ExportFiles& whole) : whole_(whole) {}
  /// The next leaf's hash.
  void add(const Digest& leaf_hash);
  /// REQUIRES: 0 < size < leaves added. Refusals: those of reading the bundles.
  Result<ProvenRoot> prove(std::uint64_t size);

 private:
  void push(std::size_t level, const Digest& hash);
  Digest node(unsigned level, std::uint64_t index);
  const std::vector<Digest>& hashes_of(std::uint64_t bundle);

  const ExportFiles& whole_;
  std::uint64_t size_ = 0;
  journal::MerkleFrontier bundle_;           // that is not full yet
  std::vector<std::vector<Digest>> levels_;  // of full bundles upwards
  // The last two that were asked for: where the old tree ends, and where the new one does.
  std::deque<std::pair<std::uint64_t, std::vector<Digest>>> cached_;
  std::optional<Refusal> unreadable_;
};

/// Of a whole journal, in one pass over its leaf hashes: that every quoted checkpoint lies on this
/// tree, and that every time-stamp is over it. Refusal: proof_invalid.
Result<> check_old_roots(const ExportFiles& files, const JournalReplay& replay);
/// Of a selection: that every time-stamp is over a tree of which that of the checkpoint grew.
/// Refusal: proof_invalid.
Result<> check_proven_roots(const ExportFiles& files, const JournalReplay& replay,
                            const journal::Checkpoint& checkpoint);

}  // namespace oberih::evidence
