// SPDX-License-Identifier: Apache-2.0
#include "server/application/warm_tree.hpp"

namespace oberih::application {

void warm_tree(JournalReader& reader, std::uint64_t size, std::uint64_t first_tile) {
  const journal::TileAddress tile{journal::TileKind::hashes, 1, first_tile, journal::tile_width};
  if (!journal::tile_exists(tile, size)) return;
  reader.read_tile({}, size, tile, [&reader, size, first_tile](const Result<Bytes>& found) {
    if (found) warm_tree(reader, size, first_tile + 1);
  });
}

}  // namespace oberih::application
