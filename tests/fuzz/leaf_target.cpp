// SPDX-License-Identifier: Apache-2.0
// Leaves of the journal, tiles, bundles of entries and the paths that name them. In a tile or a
// bundle the first byte is its width less one.
#include "protocol/journal/leaf.hpp"
#include "protocol/journal/tile.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace oberih::fuzz {

bool judge(ByteView input) {
  bool accepted =
      round_trip(input, journal::parse_leaf, journal::encode_leaf, "a leaf has one form");
  if (const auto address = journal::parse_tile_path(as_text(input))) {
    accepted = true;
    require(journal::format_tile_path(*address) == as_text(input), "a tile has one path");
    require(address->width >= 1 && address->width <= journal::tile_width && address->level <= 63,
            "a tile's address is in its bounds");
  }
  if (input.empty()) return accepted;
  const unsigned width = input[0] + 1u;
  const ByteView rest = input.subspan(1);
  const auto parse_tile = [&](ByteView bytes) { return journal::parse_tile(bytes, width); };
  accepted |= round_trip(rest, parse_tile, journal::encode_tile, "a tile has one form");
  const auto parse_bundle = [&](ByteView b) { return journal::parse_entry_bundle(b, width); };
  accepted |= round_trip(rest, parse_bundle, journal::encode_entry_bundle, "a bundle has one form");
  return accepted;
}

}  // namespace oberih::fuzz
