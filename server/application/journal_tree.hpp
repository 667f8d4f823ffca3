// SPDX-License-Identifier: Apache-2.0
// The Merkle tree over the stored leaf hashes: tiles and the nodes that proofs are made of. Full
// tiles never change, so their roots are computed once and kept; knows no database.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <mutex>
#include <optional>

#include "protocol/journal/proof.hpp"
#include "protocol/journal/tile.hpp"
#include "server/application/ports.hpp"

namespace oberih::application {

/// Roots of full tiles, by level and place. Callable from any thread. Bounded: 2^18 roots of tiles
/// of leaf hashes are 67 million leaves in some 25 MB; those of the oldest leaves go first, and are
/// computed again when somebody asks.
class TileRoots {
 public:
  explicit TileRoots(std::size_t most_of_level = std::size_t{1} << 18) : most_(most_of_level) {}

  /// `tile_level` is that of the tile whose root it is.
  std::optional<Digest> find(unsigned tile_level, std::uint64_t index) const;
  void put(unsigned tile_level, std::uint64_t index, const Digest& root);
  std::size_t count() const;

 private:
  const std::size_t most_;
  mutable std::mutex mutex_;
  std::array<std::map<std::uint64_t, Digest>, 8> levels_;
};

/// For one question; not thread-safe.
class JournalTree {
 public:
  /// Leaf hashes [begin, end), at most 65,536. May throw; fewer than asked for are an error.
  using ReadLeafHashes = std::function<std::vector<Digest>(std::uint64_t begin, std::uint64_t end)>;
  static constexpr std::uint64_t most_hashes_read = 65'536;

  /// `size`: leaves that are committed. Nothing beyond is read.
  JournalTree(std::uint64_t size, ReadLeafHashes read, TileRoots& roots)
      : size_(size), read_(std::move(read)), roots_(roots) {}

  /// INVARIANT: tile_exists(tile, size), and it is a tile of hashes. Throws what reading throws,
  /// and std::runtime_error where leaf hashes are missing.
  std::vector<Digest> tile(const journal::TileAddress& tile);
  /// INVARIANT: the wish lies within size. Throws the same.
  journal::ProofPath prove(const ProofWish& wish);

 private:
  Digest node(unsigned level, std::uint64_t index);
  /// Roots of the full tiles [first, first + count) of that level.
  std::vector<Digest> tile_roots(unsigned tile_level, std::uint64_t first, std::uint64_t count);
  /// At least one and at most `most` of them, and keeps them.
  std::vector<Digest> compute(unsigned tile_level, std::uint64_t first, std::uint64_t most);
  std::vector<Digest> read(std::uint64_t begin, std::uint64_t end);
  /// Of one tile of leaf hashes, as far as it is filled; kept while the question is answered.
  const std::vector<Digest>& leaf_tile(std::uint64_t index);

  const std::uint64_t size_;
  const ReadLeafHashes read_;
  TileRoots& roots_;
  std::map<std::uint64_t, std::vector<Digest>> leaf_tiles_;
};

}  // namespace oberih::application
