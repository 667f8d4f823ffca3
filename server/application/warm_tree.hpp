// SPDX-License-Identifier: Apache-2.0
// After a start the roots of full tiles are in nobody's memory, and the first proof would wait for
// all leaf hashes to be read. They are read in the background instead, a tile of level 1 at a time,
// so that other reads find their turn in between.
#pragma once

#include "server/application/ports.hpp"

namespace oberih::application {

/// Returns at once. `size`: committed leaves. Ends early where the reader has no time or ends.
void warm_tree(JournalReader& reader, std::uint64_t size, std::uint64_t first_tile = 0);

}  // namespace oberih::application
