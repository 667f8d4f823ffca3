// SPDX-License-Identifier: Apache-2.0
#include "protocol/journal/tile.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/base/limits.hpp"
#include "protocol/journal/merkle_tree.hpp"

namespace oberih::journal {
namespace {

constexpr unsigned max_tile_level = 63;                               // C2SP tlog-tiles
constexpr std::uint64_t max_tile_index = max_tree_size / tile_width;  // exclusive

// Groups of three digits, all but the last with an x: 1234067 is x001/x234/067.
std::string format_index(std::uint64_t index) {
  auto three_digits = [](std::uint64_t group) {
    std::string digits = std::to_string(group);
    return std::string(3 - digits.size(), '0') + digits;
  };
  std::string text = three_digits(index % 1000);
  for (index /= 1000; index > 0; index /= 1000)
    text = "x" + three_digits(index % 1000) + "/" + text;
  return text;
}

// Takes an unsigned decimal number from the front; nothing where there is none.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::optional<std::uint64_t> take_index(std::string_view& text) {
  std::uint64_t index = 0;
  while (index <= max_tile_index / 1000) {
    bool more = take(text, "x");
    std::optional<std::uint64_t> group = take_number(text);
    if (!group || *group > 999) return std::nullopt;
    index = index * 1000 + *group;
    if (!more) return index;
    if (!take(text, "/")) return std::nullopt;
  }
  return std::nullopt;
}

// Lenient about spellings: the caller compares with the one right spelling.
std::optional<TileAddress> read_tile_path(std::string_view path) {
  TileAddress tile;
  if (!take(path, "tile/")) return std::nullopt;
  if (take(path, "entries")) {
    tile.kind = TileKind::entries;
  } else {
    std::optional<std::uint64_t> level = take_number(path);
    if (!level || *level > max_tile_level) return std::nullopt;
    tile.level = static_cast<unsigned>(*level);
  }
  if (!take(path, "/")) return std::nullopt;
  std::optional<std::uint64_t> index = take_index(path);
  if (!index || *index >= max_tile_index) return std::nullopt;
  tile.index = *index;
  if (path.empty()) return tile;
  if (!take(path, ".p/")) return std::nullopt;
  std::optional<std::uint64_t> width = take_number(path);
  if (!width || *width == 0 || *width >= tile_width || !path.empty()) return std::nullopt;
  tile.width = static_cast<unsigned>(*width);
  return tile;
}

}  // namespace

std::string format_tile_path(const TileAddress& tile) {
  std::string path = "tile/";
  path += tile.kind == TileKind::entries ? "entries" : std::to_string(tile.level);
  path += "/" + format_index(tile.index);
  if (tile.width < tile_width) path += ".p/" + std::to_string(tile.width);
  return path;
}

std::optional<TileAddress> parse_tile_path(std::string_view path) {
  constexpr std::size_t longest = 64;
  if (path.size() > longest) return std::nullopt;
  std::optional<TileAddress> tile = read_tile_path(path);
  if (!tile || format_tile_path(*tile) != path) return std::nullopt;
  return tile;
}

unsigned tile_width_at(unsigned level, std::uint64_t index, std::uint64_t tree_size) {
  if (level > max_tile_level || index >= max_tile_index) return 0;
  std::uint64_t hashes = level >= 8 ? 0 : tree_size >> (8 * level);
  std::uint64_t before = index * tile_width;
  if (hashes <= before) return 0;
  return static_cast<unsigned>(std::min<std::uint64_t>(hashes - before, tile_width));
}

bool tile_exists(const TileAddress& tile, std::uint64_t tree_size) {
  return tile.width >= 1 && tile.width <= tile_width_at(tile.level, tile.index, tree_size);
}

Bytes encode_tile(std::span<const Digest> hashes) {
  if (hashes.empty() || hashes.size() > tile_width) throw std::logic_error("no tile is so wide");
  ByteWriter writer(hashes.size() * Digest::size);
  for (const Digest& hash : hashes) writer.raw(hash);
  return writer.take();
}

Result<std::vector<Digest>> parse_tile(ByteView data, unsigned width) {
  ByteReader reader(data);
  std::vector<Digest> hashes;
  for (unsigned i = 0; i < width && !reader.failed(); ++i) hashes.push_back(reader.id<Digest>());
  if (width == 0 || width > tile_width || !reader.complete())
    return refuse(RefusalCode::malformed_object, "the tile has the wrong width");
  return hashes;
}

Bytes encode_entry_bundle(std::span<const Bytes> leaves) {
  if (leaves.empty() || leaves.size() > tile_width) throw std::logic_error("no bundle is so wide");
  ByteWriter writer;
  for (const Bytes& leaf : leaves) {
    if (leaf.size() > limits::leaf_bytes) throw std::logic_error("the leaf is too long");
    writer.u16(static_cast<std::uint16_t>(leaf.size())).raw(leaf);
  }
  return writer.take();
}

Result<std::vector<Bytes>> parse_entry_bundle(ByteView data, unsigned width) {
  ByteReader reader(data);
  std::vector<Bytes> leaves;
  for (unsigned i = 0; i < width && !reader.failed(); ++i) {
    std::uint16_t size = reader.u16();
    leaves.push_back(to_bytes(reader.take(size)));
  }
  if (width == 0 || width > tile_width || !reader.complete())
    return refuse(RefusalCode::malformed_object, "the bundle has the wrong number of leaves");
  return leaves;
}

}  // namespace oberih::journal
