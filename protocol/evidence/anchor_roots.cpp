// SPDX-License-Identifier: Apache-2.0
#include "protocol/evidence/anchor_roots.hpp"

#include <algorithm>
#include <limits>

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/base/limits.hpp"
#include "protocol/evidence/failed_leaf.hpp"
#include "protocol/journal/tile.hpp"

namespace oberih::evidence {
namespace {

constexpr unsigned bundle_level = 8;  // a bundle is a complete subtree of 256 leaves
constexpr std::size_t old_bundle_bytes = journal::tile_width * (2 + limits::leaf_bytes);
constexpr std::size_t cached_bundles = 2;

Refusal old_root_fault(std::string why) {
  return refuse(RefusalCode::proof_invalid, std::move(why));
}

/// The text that was stamped has to be that of this journal at that size.
Result<> compare_anchor(const JournalReplay& replay, const JournalReplay::Anchor& anchor,
                        const Digest& root) {
  const journal::Checkpoint checkpoint{replay.directory().origin(), anchor.size, root,
                                       anchor.directory_count, anchor.directory_leaf};
  if (sealing::anchored_hash(checkpoint) == anchor.checkpoint_hash) return {};
  journal::Leaf leaf;
  leaf.kind = journal::LeafKind::timestamp_token;
  return old_root_fault(leaf_in_words(anchor.index, &leaf) +
                        ": the authority has stamped something else than this journal's first " +
                        std::to_string(anchor.size) + " leaves");
}

std::vector<const JournalReplay::Anchor*> by_size(const JournalReplay& replay) {
  std::vector<const JournalReplay::Anchor*> sorted;
  sorted.reserve(replay.anchors().size());
  for (const JournalReplay::Anchor& anchor : replay.anchors()) sorted.push_back(&anchor);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto* a, const auto* b) { return a->size < b->size; });
  return sorted;
}

}  // namespace

Bytes encode_proven_root(const ProvenRoot& proven) {
  ByteWriter writer(8 + Digest::size + 1 + proven.path.size() * Digest::size);
  writer.u64(proven.size).raw(proven.root).u8(static_cast<std::uint8_t>(proven.path.size()));
  for (const Digest& hash : proven.path) writer.raw(hash);
  return writer.take();
}

Result<ProvenRoot> read_proven_root(ExportStream& stream) {
  ProvenRoot proven;
  const Result<std::uint64_t> size = stream.u64();
  if (!size) return size.error();
  proven.size = *size;
  const Result<ByteView> root = stream.take(Digest::size);
  if (!root) return root.error();
  proven.root = *Digest::from(*root);
  const Result<ByteView> count = stream.take(1);
  if (!count) return count.error();
  for (unsigned left = count->front(); left > 0; --left) {
    const Result<ByteView> hash = stream.take(Digest::size);
    if (!hash) return hash.error();
    proven.path.push_back(*Digest::from(*hash));
  }
  return proven;
}

bool AnchorChoice::takes(const sealing::AnchorLeaf& anchor) {
  if (undated_.empty() || undated_.front() >= anchor.size) return false;
  while (!undated_.empty() && undated_.front() < anchor.size) undated_.pop_front();
  sizes_.insert(anchor.size);
  return true;
}

// -- proving roots --------------------------------------------------------------------------------

void RootProver::add(const Digest& leaf_hash) {
  bundle_.append(leaf_hash);
  ++size_;
  if (bundle_.size() < journal::tile_width) return;
  push(0, bundle_.root());
  bundle_ = {};
}

void RootProver::push(std::size_t level, const Digest& hash) {
  if (level == levels_.size()) levels_.emplace_back();
  std::vector<Digest>& nodes = levels_[level];
  nodes.push_back(hash);
  if (nodes.size() % 2 != 0) return;
  const Digest parent = journal::hash_children(nodes[nodes.size() - 2], nodes.back());
  push(level + 1, parent);
}

const std::vector<Digest>& RootProver::hashes_of(std::uint64_t bundle) {
  for (const auto& [number, hashes] : cached_)
    if (number == bundle) return hashes;
  if (cached_.size() == cached_bundles) cached_.pop_front();
  std::vector<Digest>& hashes = cached_.emplace_back(bundle, std::vector<Digest>()).second;
  const unsigned width = journal::tile_width_at(0, bundle, size_);
  const Result<Bytes> bytes =
      whole_.read_whole(export_bundle_name(bundle, width), old_bundle_bytes);
  const auto leaves = bytes ? journal::parse_entry_bundle(*bytes, width)
                            : Result<std::vector<Bytes>>(bytes.error());
  if (leaves)
    for (const Bytes& leaf : *leaves) hashes.push_back(journal::leaf_hash(leaf));
  else
    unreadable_ = leaves.error();
  hashes.resize(width);
  return hashes;
}

Digest RootProver::node(unsigned level, std::uint64_t index) {
  if (level >= bundle_level) return levels_[level - bundle_level][index];
  const std::uint64_t first = index << level;
  const std::vector<Digest>& hashes = hashes_of(first / journal::tile_width);
  return journal::merkle_root(
      std::span(hashes).subspan(first % journal::tile_width, std::size_t{1} << level));
}

Result<ProvenRoot> RootProver::prove(std::uint64_t size) {
  ProvenRoot proven;
  proven.size = size;
  proven.path = journal::prove_consistency(
      size, size_, [this](unsigned level, std::uint64_t index) { return node(level, index); });
  // The old root from its complete subtrees, the smallest first.
  bool is_first = true;
  for (unsigned level = 0; (size >> level) != 0; ++level) {
    if (((size >> level) & 1) == 0) continue;
    const Digest subtree = node(level, (size >> level) - 1);
    proven.root = is_first ? subtree : journal::hash_children(subtree, proven.root);
    is_first = false;
  }
  if (unreadable_) return *unreadable_;
  return proven;
}

// -- comparing ------------------------------------------------------------------------------------

Result<> check_old_roots(const ExportFiles& files, const JournalReplay& replay) {
  const std::vector<const JournalReplay::Anchor*> anchors = by_size(replay);
  auto quote = replay.quotes().begin();
  auto anchor = anchors.begin();
  ExportStream hashes(files, *files.find(export_name::leaf_hashes));
  journal::MerkleFrontier tree;
  while (quote != replay.quotes().end() || anchor != anchors.end()) {
    constexpr std::uint64_t none = std::numeric_limits<std::uint64_t>::max();
    const std::uint64_t size = std::min(quote == replay.quotes().end() ? none : quote->first,
                                        anchor == anchors.end() ? none : (*anchor)->size);
    while (tree.size() < size) {
      const Result<ByteView> next = hashes.take(Digest::size);
      if (!next) return next.error();
      tree.append(*Digest::from(*next));
    }
    const Digest root = tree.root();
    // Whoever quotes a checkpoint has seen it: another tree would show.
    if (quote != replay.quotes().end() && quote->first == size && (quote++)->second != root)
      return old_root_fault("a device has quoted a checkpoint of size " + std::to_string(size) +
                            " with another root than the leaves have: somebody was shown another "
                            "journal");
    for (; anchor != anchors.end() && (*anchor)->size == size; ++anchor)
      OBERIH_TRY(compare_anchor(replay, **anchor, root));
  }
  return {};
}

Result<> check_proven_roots(const ExportFiles& files, const JournalReplay& replay,
                            const journal::Checkpoint& checkpoint) {
  const std::vector<const JournalReplay::Anchor*> anchors = by_size(replay);
  const ExportFile& file = *files.find(export_name::anchors);
  ExportStream stream(files, file);
  for (auto anchor = anchors.begin(); anchor != anchors.end();) {
    const Result<ProvenRoot> proven = read_proven_root(stream);
    if (!proven) return proven.error();
    if (proven->size != (*anchor)->size)
      return old_root_fault(file.name + ": not the roots that the time-stamps need");
    if (auto grown = journal::verify_consistency(proven->size, proven->root, checkpoint.size,
                                                 checkpoint.root, proven->path);
        !grown)
      return old_root_fault(file.name + ", size " + std::to_string(proven->size) + ": " +
                            grown.error().detail);
    for (; anchor != anchors.end() && (*anchor)->size == proven->size; ++anchor)
      OBERIH_TRY(compare_anchor(replay, **anchor, proven->root));
  }
  if (!stream.at_end())
    return old_root_fault(file.name + ": not the roots that the time-stamps need");
  return {};
}

}  // namespace oberih::evidence
