// SPDX-License-Identifier: Apache-2.0
// C2SP tlog-tiles: the tree cut into immutable files of 256 hashes, and bundles of 256 leaves.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"

namespace oberih::journal {

inline constexpr std::size_t tile_width = 256;

enum class TileKind { hashes, entries };

/// `tile/<level>/<index>[.p/<width>]` or `tile/entries/<index>[.p/<width>]`.
struct TileAddress {
  TileKind kind = TileKind::hashes;
  unsigned level = 0;           // 0 to 63; a bundle of entries has level 0
  std::uint64_t index = 0;      // of the tile in its level
  unsigned width = tile_width;  // 1 to 256; below 256 the tile is partial

  bool operator==(const TileAddress&) const = default;
};

std::string format_tile_path(const TileAddress& tile);
/// Exactly the texts that format_tile_path makes; nothing for any other, whatever it would mean.
std::optional<TileAddress> parse_tile_path(std::string_view path);

/// How many hashes (entries) that tile has in a tree of `tree_size` leaves; 0 = it does not exist.
unsigned tile_width_at(unsigned level, std::uint64_t index, std::uint64_t tree_size);
/// Whether that very file exists in a tree of this size: a full tile, or a partial one that the
/// tree has reached (partial tiles stay when they are filled: older checkpoints name them).
bool tile_exists(const TileAddress& tile, std::uint64_t tree_size);

/// At level 0 leaf hashes, above roots of full tiles of the level below. At most 256.
Bytes encode_tile(std::span<const Digest> hashes);
/// Refusal: malformed_object when these are not exactly `width` hashes.
Result<std::vector<Digest>> parse_tile(ByteView data, unsigned width);

/// Leaves with u16 lengths before them. Throws std::logic_error for a leaf over 65,535 bytes.
Bytes encode_entry_bundle(std::span<const Bytes> leaves);
/// Refusal: malformed_object when these are not exactly `width` leaves.
Result<std::vector<Bytes>> parse_entry_bundle(ByteView data, unsigned width);

}  // namespace oberih::journal
