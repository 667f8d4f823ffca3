// SPDX-License-Identifier: Apache-2.0
#include "server/application/journal_tree.hpp"

#include <algorithm>
#include <stdexcept>

namespace oberih::application {
namespace {

constexpr unsigned tile_height = 8;  // levels of the tree in a tile: 2^8 hashes
constexpr std::uint64_t width = journal::tile_width;

}  // namespace

std::optional<Digest> TileRoots::find(unsigned tile_level, std::uint64_t index) const {
  std::lock_guard lock(mutex_);
  const auto& level = levels_.at(tile_level);
  const auto found = level.find(index);
  if (found == level.end()) return std::nullopt;
  return found->second;
}

void TileRoots::put(unsigned tile_level, std::uint64_t index, const Digest& root) {
  std::lock_guard lock(mutex_);
  auto& level = levels_.at(tile_level);
  level[index] = root;
  if (level.size() > most_) level.erase(level.begin());
}

std::size_t TileRoots::count() const {
  std::lock_guard lock(mutex_);
  std::size_t count = 0;
  for (const auto& level : levels_) count += level.size();
  return count;
}

std::vector<Digest> JournalTree::tile(const journal::TileAddress& tile) {
  const std::uint64_t first = tile.index * width;
  if (tile.level == 0) return read(first, first + tile.width);
  return tile_roots(tile.level - 1, first, tile.width);
}

journal::ProofPath JournalTree::prove(const ProofWish& wish) {
  const auto reader = [this](unsigned level, std::uint64_t index) { return node(level, index); };
  switch (wish.what) {
    case ProofWish::What::inclusion:
      return journal::prove_inclusion(wish.from, wish.size, reader);
    case ProofWish::What::consistency:
      return journal::prove_consistency(wish.from, wish.size, reader);
  }
  throw std::logic_error("no such proof");
}

Digest JournalTree::node(unsigned level, std::uint64_t index) {
  const unsigned rest = level % tile_height;
  const std::uint64_t count = std::uint64_t{1} << rest;
  const std::uint64_t first = index << rest;
  if (level >= tile_height)
    return journal::merkle_root(tile_roots(level / tile_height - 1, first, count));
  const std::vector<Digest>& hashes = leaf_tile(first / width);
  if (first % width + count > hashes.size()) throw std::logic_error("a node beyond the tree");
  return journal::merkle_root(std::span(hashes).subspan(first % width, count));
}

std::vector<Digest> JournalTree::tile_roots(unsigned tile_level, std::uint64_t first,
                                            std::uint64_t count) {
  std::vector<Digest> roots;
  roots.reserve(count);
  while (roots.size() < count) {
    const std::uint64_t index = first + roots.size();
    if (auto root = roots_.find(tile_level, index)) {
      roots.push_back(*root);
      continue;
    }
    // All that is left in one go: what is missing usually lies together.
    for (const Digest& root : compute(tile_level, index, count - roots.size()))
      roots.push_back(root);
  }
  return roots;
}

std::vector<Digest> JournalTree::compute(unsigned tile_level, std::uint64_t first,
                                         std::uint64_t most) {
  std::vector<Digest> roots;
  if (tile_level > 0) {  // one: the rest is looked up first, it may be there
    roots.push_back(journal::merkle_root(tile_roots(tile_level - 1, first * width, width)));
  } else {
    const std::uint64_t count = std::min(most, most_hashes_read / width);
    const std::vector<Digest> hashes = read(first * width, (first + count) * width);
    for (std::uint64_t i = 0; i < count; ++i)
      roots.push_back(journal::merkle_root(std::span(hashes).subspan(i * width, width)));
  }
  for (std::size_t i = 0; i < roots.size(); ++i) roots_.put(tile_level, first + i, roots[i]);
  return roots;
}

std::vector<Digest> JournalTree::read(std::uint64_t begin, std::uint64_t end) {
  if (end > size_) throw std::logic_error("a node beyond the tree");
  std::vector<Digest> hashes = read_(begin, end);
  if (hashes.size() != end - begin)
    throw std::runtime_error("The journal lacks leaves below the size that was signed.");
  return hashes;
}

const std::vector<Digest>& JournalTree::leaf_tile(std::uint64_t index) {
  auto found = leaf_tiles_.find(index);
  if (found == leaf_tiles_.end())
    found =
        leaf_tiles_.emplace(index, read(index * width, std::min(size_, (index + 1) * width))).first;
  return found->second;
}

}  // namespace oberih::application
